import { beforeAll, describe, expect, it } from '@jest/globals';
import type { AuditReader } from 'nestjs-mikro-audit';
import { Customer, SHOP_HASH_KEY, shop, shopOracle, Tag } from '../../support/fixtures/shop.js';
import { useAuditedApp } from '../../support/use-audited-app.js';
import { BufferProbe } from './buffer-probe.js';

const CHANGES = 100_000;
const SINCE = new Date('2025-01-10T00:00:00Z');

/**
 * Statistics say that these are frequent, or that nothing else is there. They do not say that all of them are long ago, or
 * that there are nearly none: whoever walks through all changes in the order of their pages finds nothing for a long time.
 */
const QUESTIONS: Readonly<Record<string, (reader: AuditReader) => Promise<unknown>>> = {
  'history of an entity that was busy': (reader) => reader.history(Customer, 7),
  'changes of an entity that was busy': (reader) => reader.changes({ entity: Customer, id: [7] }),
  'changes of an actor who has left': (reader) => reader.changes({ actor: { id: 'import' } }),
  'changes of an actor who has left, since then': (reader) =>
    reader.changes({ actor: { id: 'import' }, from: SINCE }),
  'changes of an actor who had not come yet': (reader) =>
    reader.changes({ actor: { id: 'u1' }, until: new Date('2025-01-02T00:00:00Z'), order: 'oldest' }),
  'changes of an actor with the id of a busy one of another type': (reader) =>
    reader.changes({ actor: { type: 'service', id: 'import' } }),
  'changes of a type that is rare': (reader) => reader.changes({ entity: Tag }),
  'changes of a type that is rare, oldest first': (reader) =>
    reader.changes({ entity: Tag, order: 'oldest' }),
  'revisions of an actor who has left': (reader) => reader.revisions({ actor: { id: 'import' } }),
  'revisions of an actor who has left, since then': (reader) =>
    reader.revisions({ actor: { id: 'import' }, from: SINCE }),
  'revisions of an action that is no more': (reader) => reader.revisions({ action: 'import.run' }),
  'revisions of an action that is no more, since then': (reader) =>
    reader.revisions({ action: 'import.run', from: SINCE }),
  'changes of an action that is no more, since then': (reader) =>
    reader.changes({ action: 'import.run', from: SINCE }),
};

const probe = new BufferProbe();
const audited = useAuditedApp({
  entities: shop,
  options: { hashKey: SHOP_HASH_KEY },
  oracle: shopOracle,
  orm: { driverOptions: probe.driverOptions },
  clear: false,
  verify: false,
});

beforeAll(async () => {
  const run = (sql: string) => audited.orm.em.getConnection().execute(sql);
  await run(`
    insert into audit_change (recorded_at, actor_type, actor_id, action, outcome, entity_type, entity_id, operation, after)
      select timestamptz '2025-01-01Z' + n * interval '10 seconds',
        case when n < ${CHANGES * 0.4} then 'system' else 'user' end,
        case when n < ${CHANGES * 0.4} then 'import' else 'u' || n % 10 end,
        case when n < ${CHANGES * 0.4} then 'import.run' else 'order.change' end, 'success',
        case when id = ${CHANGES / 2} then 'tag' when id % 2 = 0 and id < ${CHANGES * 0.8} then 'customer' else 'order' end,
      case when id % 2 = 0 and id < ${CHANGES * 0.8} then '7' else id::text end, 'create', '{"name": "x"}'
      from generate_series(1, ${CHANGES}) n, lateral (select n) numbered(id) order by n`);
  await run('vacuum (analyze) audit_change');
});

/** Changes come from their own index; a look-up more for each change by its revision, and for the counts of a revision. */
const mostOf = (name: string) => (/^revisions|an action|another type/.test(name) ? 300 : 60);

describe.each(Object.entries(QUESTIONS))('%s', (name, ask) => {
  it('are found by the index that knows them', async () => {
    const { blocks } = await probe.measure(() => ask(audited.reader));
    expect(blocks).toBeLessThanOrEqual(mostOf(name));
  });
});
