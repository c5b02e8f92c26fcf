import { describe, expect, it } from '@jest/globals';
import type { AuditReader } from 'nestjs-mikro-audit';
import { Invoice, Order, SHOP_HASH_KEY, shop, shopOracle, Tag } from '../../support/fixtures/shop.js';
import { isSoak } from '../../support/soak.js';
import { useAuditedApp } from '../../support/use-audited-app.js';
import { BufferProbe } from './buffer-probe.js';
import { largeTrail, TICK } from './large-trail.js';

const HUNDRED = Array.from({ length: 100 }, (_, n) => n + 1);

/** Everything that can be asked, of the same entities, at both sizes. */
const QUESTIONS: Readonly<Record<string, (reader: AuditReader) => Promise<unknown>>> = {
  history: (reader) => reader.history(Order, 7),
  'changes, all': (reader) => reader.changes(),
  'changes of a type': (reader) => reader.changes({ entity: Tag }),
  'changes of ids': (reader) => reader.changes({ entity: Order, id: [7, 8] }),
  'changes of ids, one property': (reader) => reader.changes({ entity: Order, id: [7], property: 'price' }),
  'changes of ids, from a value': (reader) =>
    reader.changes({ entity: Order, id: [7], value: { property: 'price', from: { gte: '3' } } }),
  'changes of a whole': (reader) => reader.changes({ partOf: { entity: Order, id: 7 } }),
  'changes of a whole, text': (reader) =>
    reader.changes({ partOf: { entity: Order, id: 7 }, text: 'order 7' }),
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
  'revisions of a whole': (reader) => reader.revisions({ partOf: { entity: Order, id: 7 } }),
  'revisions of an hour': (reader) =>
    reader.revisions({ from: new Date('2025-01-01T10:00:00Z'), until: new Date('2025-01-01T11:00:00Z') }),
  feed: (reader) => reader.feed({ after: null }),
  'activity of an hour': (reader) =>
    reader.activity({ from: new Date('2025-01-01T10:00:00Z'), until: new Date('2025-01-01T11:00:00Z') }),
  'state at a time': (reader) => reader.asOf(Order, 7, new Date('2025-01-02T00:00:00Z')),
  'state, with all relations': (reader) =>
    reader.asOf(Order, 7, new Date(), { populate: ['customer.orders', 'tags', 'lines'] }),
  'state, from the other side': (reader) => reader.asOf(Tag, 7, new Date(), { populate: ['orders.lines'] }),
  'states by a relation': (reader) => reader.findAsOf(Order, { customer: 7 }, new Date()),
  'states by a value that all have': (reader) =>
    reader.findAsOf(Order, { status: 'open' }, new Date(), { limit: 5 }),
  'first states': (reader) => reader.findAsOf(Order, {}, new Date(), { limit: 5 }),
  'newest change of 100 entities': (reader) => reader.latest(Order, HUNDRED),
  'newest change of 100 entities, in a scope': (reader) =>
    reader.latest(Order, HUNDRED, { within: { partOf: [{ entity: Order, id: 7 }] } }),
  'states of 100 entities': (reader) => reader.eachAsOf(Order, HUNDRED, new Date('2025-01-02T00:00:00Z')),
  'counts by actor, of an hour': (reader) =>
    reader.counts({
      by: 'actor',
      from: new Date('2025-01-01T10:00:00Z'),
      until: new Date('2025-01-01T11:00:00Z'),
    }),
  'counts by entity, of 100 entities': (reader) =>
    reader.counts({ by: 'entity', entity: Order, id: HUNDRED }),
  'history of a property, oldest first': (reader) =>
    reader.history(Order, 7, { property: 'price', order: 'oldest' }),
  diff: (reader) => reader.diff(Order, 7, { from: new Date('2025-01-02T00:00:00Z'), to: new Date() }),
  blame: (reader) => reader.blame(Order, 7),
};

/** Blocks at most, with those of the indexes: less than the rows and their revisions would take. */
const MOST: Readonly<Record<string, number>> = {
  history: 15,
  'changes, all': 10,
  'changes of a type': 10,
  'changes of ids': 30,
  'changes of a whole': 30,
  'changes of an actor': 40,
  'changes of an actor, oldest first': 40,
  'changes of an hour': 10,
  'changes until a time': 10,
  'changes from a time, oldest first': 10,
  'state at a time': 20,
  blame: 30,
  // An index lookup and a row of the table for each.
  'newest change of 100 entities': 700,
  'history of a property, oldest first': 20,
};

/** Conditions that no index serves: a page looks at so many rows, and then ends with what it has. */
const TESTED: typeof QUESTIONS = {
  'changes of a type, to a value that none has': (reader) =>
    reader.changes({ entity: Order, value: { property: 'price', to: { eq: '77.00' } } }),
  'changes of a type, deletes': (reader) => reader.changes({ entity: [Order], operation: 'delete' }),
  'changes with a text that none has': (reader) => reader.changes({ text: 'nowhere' }),
  'changes on behalf of nobody': (reader) => reader.changes({ onBehalfOf: { id: 'nobody' } }),
  'changes of a tenant that is none': (reader) =>
    reader.changes({ within: { metadata: { tenant: 'none' } } }),
  'states by a value that none has': (reader) => reader.findAsOf(Order, { title: 'nowhere' }, new Date()),
  'states by a value that none has any more': (reader) =>
    reader.findAsOf(Order, { price: '1.00' }, new Date()),
};

/** Orders with all that is theirs, 20 changes each: a million changes in a soak. */
const [SMALL, LARGE] = [5_000, isSoak ? 50_000 : 12_000] as const;

const probe = new BufferProbe();
const audited = useAuditedApp({
  entities: shop,
  options: { hashKey: SHOP_HASH_KEY },
  oracle: shopOracle,
  orm: { driverOptions: probe.driverOptions },
  clear: false,
  verify: false,
});

async function tell(first: number, count: number): Promise<void> {
  await audited.orm.em.fork().transactional(async (em) => {
    for (const sql of largeTrail(first, count)) {
      await em.getConnection().execute(sql, [], 'run', em.getTransactionContext());
    }
  });
  await audited.orm.em.getConnection().execute(TICK);
  await audited.orm.em.getConnection().execute('vacuum (analyze) audit_change');
}

async function blocksOf(questions: typeof QUESTIONS): Promise<Record<string, number>> {
  const measured: Record<string, number> = {};
  for (const [name, ask] of Object.entries(questions)) {
    measured[name] = (await probe.measure(() => ask(audited.reader))).blocks;
  }
  return measured;
}

describe('a large trail', () => {
  it('is read with as few blocks as a small one', async () => {
    await tell(1, SMALL);
    const small = await blocksOf(QUESTIONS);
    await tell(SMALL + 1, LARGE - SMALL);
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
    for (const [name, most] of Object.entries(MOST)) {
      expect([name, large[name], Number(large[name]) <= most]).toEqual([name, large[name], true]);
    }
    for (const [name, blocks] of Object.entries(tested)) {
      expect([name, blocks, blocks < 60_000]).toEqual([name, blocks, true]);
    }
  }, 600_000);

  it('does not look up more of a relation than anybody wants, but gives it in pages', async () => {
    const more = 20_001;
    await audited.orm.em.getConnection().execute(
      `with said as (insert into audit_change (actor_type, outcome) values ('system', 'success') returning id, recorded_at)
       insert into audit_change (revision_id, recorded_at, actor_type, entity_type, entity_id, operation, after, targets)
       select said.id, said.recorded_at, 'system', 'invoice', n, 'create', jsonb_build_object('id', n, 'number', 'i' || n, 'order', 7), array['invoice.order:7']
       from said, generate_series(1, ${more}) n`,
    );
    await audited.orm.em.getConnection().execute('analyze audit_change');
    await expect(audited.reader.asOf(Order, 7, new Date(), { populate: ['invoice'] })).rejects.toThrow(
      /names "invoice", which has led from more than 20000 changes of Invoice .*asOf\(Invoice, \{ order: id \}/,
    );
    const then = new Date();
    const seen = new Set<unknown>();
    let cursor: string | null = null;
    do {
      const page: { items: readonly { id?: unknown }[]; nextCursor: string | null } =
        await audited.reader.findAsOf(Invoice, { order: 7 }, then, { limit: 500, cursor });
      for (const { id } of page.items) {
        seen.add(id);
      }
      cursor = seen.size < 2_000 ? page.nextCursor : null;
    } while (cursor !== null);
    expect(seen.size).toBe(2_000);
  });
});
