import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuditReader } from 'nestjs-mikro-audit';
import { type AuditedApp, createAuditedApp } from '../../support/audited-app.js';
import { PROJECT } from '../../support/project-paths.js';
import { BufferProbe } from './buffer-probe.js';
import { largeTrail } from './large-trail.js';
import { Order, SHOP_HASH_KEY, shop, shopOracle, Tag } from './shop.js';

/** Everything that can be asked, of the same entities, at both sizes. */
const QUESTIONS: Readonly<Record<string, (reader: AuditReader) => Promise<unknown>>> = {
  history: (reader) => reader.history(Order, 7),
  'changes, all': (reader) => reader.changes(),
  'changes of a type': (reader) => reader.changes({ entity: Tag }),
  'changes of ids': (reader) => reader.changes({ entity: Order, ids: [7, 8] }),
  'changes of ids, one property': (reader) => reader.changes({ entity: Order, ids: [7], property: 'price' }),
  'changes of ids, from a value': (reader) =>
    reader.changes({ entity: Order, ids: [7], value: { property: 'price', from: { gte: '3' } } }),
  'changes of a root': (reader) => reader.changes({ root: { entity: Order, id: 7 } }),
  'changes of a root, text': (reader) => reader.changes({ root: { entity: Order, id: 7 }, text: 'order 7' }),
  'changes of an actor': (reader) => reader.changes({ actor: { id: 'u7' } }),
  'changes of an actor, oldest first': (reader) => reader.changes({ actor: { id: 'u7' }, order: 'oldest' }),
  'changes of an actor and a type': (reader) => reader.changes({ actor: { id: 'u7' }, entity: Order }),
  'changes of an action': (reader) => reader.changes({ action: 'rare' }),
  'changes of a request': (reader) => reader.changes({ correlationId: 'c1-777' }),
  'changes of an hour': (reader) =>
    reader.changes({ from: new Date('2025-01-01T10:00:00Z'), until: new Date('2025-01-01T11:00:00Z') }),
  'changes until a time': (reader) => reader.changes({ until: new Date('2025-01-01T11:00:00Z') }),
  'changes from a time, oldest first': (reader) =>
    reader.changes({ from: new Date('2025-01-01T11:00:00Z'), order: 'oldest' }),
  'revisions, all': (reader) => reader.revisions(),
  'revisions of an actor': (reader) => reader.revisions({ actor: { id: 'u7' } }),
  'revisions of a root': (reader) => reader.revisions({ root: { entity: Order, id: 7 } }),
  'revisions of an hour': (reader) =>
    reader.revisions({ from: new Date('2025-01-01T10:00:00Z'), until: new Date('2025-01-01T11:00:00Z') }),
  feed: (reader) => reader.feed({ after: null }),
  'activity of an hour': (reader) =>
    reader.activity({ from: new Date('2025-01-01T10:00:00Z'), until: new Date('2025-01-01T11:00:00Z') }),
  'state at a time': (reader) => reader.asOf(Order, 7, new Date('2025-01-02T00:00:00Z')),
  'state, with all relations': (reader) =>
    reader.asOf(Order, 7, new Date(), { populate: ['customer.orders', 'tags', 'lines'] }),
  'state, from the other side': (reader) => reader.asOf(Tag, 7, new Date(), { populate: ['orders.lines'] }),
  'states by a value': (reader) => reader.asOf(Order, { customer: 7 }, new Date()),
  'first states': (reader) => reader.asOf(Order, {}, new Date(), { limit: 5 }),
  diff: (reader) => reader.diff(Order, 7, new Date('2025-01-02T00:00:00Z'), new Date()),
  blame: (reader) => reader.blame(Order, 7),
};

/** What no index serves: a page looks at so many rows, and then ends with what it has. */
const TESTED: typeof QUESTIONS = {
  'changes of a type, to a value that none has': (reader) =>
    reader.changes({ entity: Order, value: { property: 'price', to: { eq: '77.00' } } }),
  'changes of a type, deletes': (reader) => reader.changes({ entity: [Order], operation: 'delete' }),
  'changes with a text that none has': (reader) => reader.changes({ text: 'nowhere' }),
  'changes on behalf of nobody': (reader) => reader.changes({ onBehalfOf: { id: 'nobody' } }),
  'changes of a tenant that is none': (reader) =>
    reader.changes({ within: { metadata: { tenant: 'none' } } }),
};

const probe = new BufferProbe();
let audited: AuditedApp;

async function tell(first: number, count: number): Promise<void> {
  await audited.orm.em.fork().transactional(async (em) => {
    for (const sql of largeTrail(first, count)) {
      await em.getConnection().execute(sql, [], 'run', em.getTransactionContext());
    }
  });
  await audited.orm.em.getConnection().execute('vacuum (analyze) audit_revision, audit_change');
}

async function blocksOf(questions: typeof QUESTIONS): Promise<Record<string, number>> {
  const measured: Record<string, number> = {};
  for (const [name, ask] of Object.entries(questions)) {
    measured[name] = (await probe.measure(() => ask(audited.reader))).blocks;
  }
  return measured;
}

beforeAll(async () => {
  audited = await createAuditedApp({
    entities: shop,
    options: { hashKey: SHOP_HASH_KEY },
    oracle: shopOracle,
    orm: { driverOptions: probe.driverOptions },
  });
  const connection = audited.orm.em.getConnection();
  for (const file of ['relation-indexes.sql']) {
    await connection.execute(readFileSync(join(PROJECT, 'docs/samples', file), 'utf8'));
  }
  await connection.execute(
    `create index audit_order_customer_idx on audit_change ((after -> 'customer')) where entity_type = 'order'`,
  );
}, 600_000);
afterAll(() => audited.close());

describe('a trail of a million changes', () => {
  it('is read with as few blocks as a small one', async () => {
    await tell(1, 5_000);
    const small = await blocksOf(QUESTIONS);
    await tell(5_001, 45_000);
    const large = await blocksOf(QUESTIONS);
    const tested = await blocksOf(TESTED);
    const figures = Object.keys(QUESTIONS).map((name) => [name, small[name] ?? 0, large[name] ?? 0] as const);
    if (process.env.AUDIT_SHOW_FIGURES !== undefined) {
      console.info(figures.map(([name, few, many]) => `${name} | ${few} | ${many}`).join('\n'));
      console.info(tested);
    }
    for (const [name, few, many] of figures) {
      // Indexes get a level deeper, and what has more rows in a page needs more of them.
      expect([name, many, many <= few * 2 + 60]).toEqual([name, many, true]);
      expect([name, many, many < 3_000]).toEqual([name, many, true]);
    }
    for (const [name, blocks] of Object.entries(tested)) {
      expect([name, blocks, blocks < 40_000]).toEqual([name, blocks, true]);
    }
  }, 600_000);
});
