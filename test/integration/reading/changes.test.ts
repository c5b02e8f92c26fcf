import { beforeEach, describe, expect, it } from '@jest/globals';
import { ref } from '@mikro-orm/core';
import {
  type Change,
  type EntityChangesQuery,
  InvalidQueryError,
  NotAuditedError,
  SYSTEM,
} from 'nestjs-mikro-audit';
import { type AuditedApp } from '../../support/audited-app.js';
import { useAuditedApp } from '../../support/use-audited-app.js';
import { Customer, Line, Order, SHOP_HASH_KEY, shop, shopOracle, Tag } from './shop.js';

const audited = useAuditedApp({
  entities: shop,
  options: { hashKey: SHOP_HASH_KEY },
  oracle: shopOracle,
});

const user = (id: string) => ({ type: 'user', id, label: `User ${id}` }) as const;

/** What the story below does, newest last: type, id, operation. */
async function tellStory(): Promise<void> {
  const { orm, context } = audited;
  const em = orm.em.fork();
  await context.run({ actor: user('anna'), action: 'order.place', correlationId: 'c1' }, async () => {
    const anna = em.create(Customer, { name: 'Anna' });
    const order = em.create(Order, {
      title: 'First 100%',
      customer: ref(anna),
      price: '99.50',
      total: 5n,
      pieces: 9,
      dueAt: new Date('2027-01-01T00:00:00Z'),
      taxNumber: '12 345',
      card: '4242424242424242',
      extra: { gate: 'B', floor: 2 },
      address: { street: 'Quay', city: 'Kiel' },
      parcel: { weight: 3 },
    });
    em.create(Line, { quantity: 1, order: ref(order) });
    em.create(Line, { quantity: 2, order: ref(order) });
    await em.flush();
    em.create(Order, { title: 'Second', price: '100.00' });
    await em.flush();
  });
  await context.run({ actor: user('boris'), onBehalfOf: user('anna'), correlationId: 'c2' }, async () => {
    const order = await em.findOneOrFail(Order, 1);
    order.price = '120.00';
    order.total = 12n;
    order.pieces = 10;
    order.extra = { gate: 'C', floor: 2 };
    await em.flush();
    order.tags.add(em.create(Tag, { name: 'urgent' }));
    order.address = { street: 'Quay', city: 'Bonn' };
    await em.flush();
  });
  await context.run({ actor: SYSTEM('cleaner'), action: 'order.purge' }, async () => {
    const [line] = await em.find(Line, { quantity: 1 });
    if (line) {
      em.remove(line);
    }
    await em.flush();
    em.remove(await em.findOneOrFail(Order, 2));
    await em.flush();
  });
}

const brief = ({ items }: { items: readonly Change[] | readonly Change<Order>[] }) =>
  items.map(({ entityType, entityId, operation }) => `${operation} ${entityType} ${entityId}`);

const find = async (query: Parameters<AuditedApp['reader']['changes']>[0]) =>
  brief(await audited.reader.changes(query));
const findOrders = async (query: Omit<EntityChangesQuery<Order>, 'entity'>) =>
  brief(await audited.reader.changes({ entity: Order, order: 'oldest', ...query }));

describe('changes are found by', () => {
  beforeEach(tellStory);

  it('nothing: all of them, newest first', async () => {
    const all = await find({});
    expect(all).toHaveLength(10);
    expect(all[0]).toBe('delete order 2');
    expect(await find({ order: 'oldest' })).toEqual(all.toReversed());
  });

  it('entity, several of them, and ids', async () => {
    expect(await findOrders({})).toEqual([
      'create order 1',
      'create order 2',
      'update order 1',
      'update order 1',
      'delete order 2',
    ]);
    expect(await find({ entity: [Tag, Customer] })).toEqual(['create tag 1', 'create customer 1']);
    expect(await findOrders({ ids: [2] })).toEqual(['create order 2', 'delete order 2']);
    expect(await findOrders({ ids: [1, 2] })).toHaveLength(5);
    expect(await findOrders({ ids: [] })).toEqual([]);
    expect(await findOrders({ ids: ['no number'] })).toEqual([]);
    expect(await findOrders({ ids: ['a\u0000'] })).toEqual([]);
  });

  it('root: the entity with its parts', async () => {
    const root = { entity: Order, id: 1 };
    expect(await find({ root, order: 'oldest' })).toEqual([
      'create order 1',
      'create line 1',
      'create line 2',
      'update order 1',
      'update order 1',
      'delete line 1',
    ]);
    expect(await find({ root, entity: [Line], operation: 'delete' })).toEqual(['delete line 1']);
    expect(await find({ root: { entity: Order, id: 99 } })).toEqual([]);
  });

  it('actor, of some type or id, and on whose behalf', async () => {
    expect((await find({ actor: { id: 'boris' } })).sort()).toEqual([
      'create tag 1',
      'update order 1',
      'update order 1',
    ]);
    expect(await find({ actor: { type: 'system' } })).toEqual(['delete order 2', 'delete line 1']);
    expect(await find({ actor: { type: 'service', id: 'boris' } })).toEqual([]);
    expect(await find({ onBehalfOf: { id: 'anna' } })).toHaveLength(3);
    expect(await findOrders({ actor: { id: 'boris' } })).toHaveLength(2);
  });

  it('action, correlation id and operation', async () => {
    expect(await find({ action: 'order.purge' })).toHaveLength(2);
    expect(await find({ correlationId: 'c2' })).toHaveLength(3);
    expect(await find({ operation: ['delete', 'update'] })).toHaveLength(4);
    expect(await find({ correlationId: 'c1', operation: 'create', entity: [Line] })).toEqual([
      'create line 2',
      'create line 1',
    ]);
  });

  it('property, also of an embeddable, in it, in JSON, and of links', async () => {
    const updates = async (property: Parameters<typeof findOrders>[0]['property'] & {}) =>
      (await findOrders({ property, operation: 'update' })).length;
    expect(await updates('price')).toBe(1);
    expect(await updates('tags')).toBe(1);
    expect(await updates(['price', 'tags'])).toBe(2);
    expect(await updates('address')).toBe(1);
    expect(await updates('address.city')).toBe(1);
    expect(await updates('address.street')).toBe(0);
    expect(await updates('extra')).toBe(1);
    expect(await updates('extra.gate')).toBe(1);
    expect(await updates('extra.floor')).toBe(0);
    expect(await updates('title')).toBe(0);
    expect(await findOrders({ property: 'parcel.weight' })).toEqual(['create order 1']);
  });

  it('values in the order of their type, not of their text', async () => {
    expect(
      await findOrders({ value: { property: 'price', from: { lt: '100' }, to: { gte: '100' } } }),
    ).toEqual(['update order 1']);
    expect(await findOrders({ value: { property: 'price', to: { eq: '120' } } })).toEqual(['update order 1']);
    expect(await findOrders({ value: { property: 'price', to: { in: ['99.5', '100'] } } })).toHaveLength(2);
    expect(await findOrders({ value: { property: 'total', from: { eq: 5n }, to: { gt: 9n } } })).toHaveLength(
      1,
    );
    expect(
      await findOrders({ value: { property: 'pieces', from: { lte: 9 }, to: { gt: 9, lt: 11 } } }),
    ).toHaveLength(1);
    expect(
      await findOrders({
        value: { property: 'dueAt', to: { gte: new Date('2027-01-01'), lt: new Date('2027-01-02') } },
      }),
    ).toEqual(['create order 1']);
    expect(await findOrders({ value: { property: 'title', to: { gt: 'R' } } })).toEqual(['create order 2']);
    expect(await findOrders({ value: { property: 'paid', to: { eq: true } } })).toEqual([]);
    expect(await findOrders({ value: { property: 'customer', to: { eq: 1 } } })).toEqual(['create order 1']);
    expect(await findOrders({ value: { property: 'customer', to: { isNull: true } } })).toEqual([
      'create order 2',
    ]);
    expect(await findOrders({ value: { property: 'customer', to: { isNull: false } } })).toEqual([
      'create order 1',
    ]);
    expect(
      await findOrders({ value: { property: 'address.city', from: { eq: 'Kiel' }, to: { eq: 'Bonn' } } }),
    ).toHaveLength(1);
  });

  it('values in JSON, in the type of what they are compared with', async () => {
    expect(
      await findOrders({ value: { property: 'extra.gate', from: { eq: 'B' }, to: { eq: 'C' } } }),
    ).toHaveLength(1);
    expect(await findOrders({ value: { property: 'extra.floor', to: { gte: 2 } } })).toHaveLength(1);
    expect(
      await findOrders({ value: { property: 'extra', to: { eq: { floor: 2, gate: 'C' } } } }),
    ).toHaveLength(1);
  });

  it('several values at once', async () => {
    const both = { property: 'price', from: { eq: '99.50' } } as const;
    expect(await findOrders({ value: [both, { property: 'pieces', to: { eq: 10 } }] })).toHaveLength(1);
    expect(await findOrders({ value: [both, { property: 'pieces', to: { eq: 11 } }] })).toHaveLength(0);
  });

  it('the hash of a hidden value, and never by the value of another mask', async () => {
    expect(await findOrders({ value: { property: 'taxNumber', to: { eq: '12 345' } } })).toEqual([
      'create order 1',
    ]);
    expect(await findOrders({ value: { property: 'taxNumber', to: { eq: '12 346' } } })).toEqual([]);
    expect(await findOrders({ property: 'card' })).toHaveLength(3);
    expect(await findOrders({ value: { property: 'card', to: { isNull: true } } })).toEqual([
      'create order 2',
    ]);
    await expect(findOrders({ value: { property: 'card', to: { eq: '4242' } } })).rejects.toThrow(/masked/);
    await expect(findOrders({ value: { property: 'taxNumber', to: { gt: '1' } } })).rejects.toThrow(
      /Use eq or in/,
    );
  });

  it('time, from inclusive and until exclusive', async () => {
    const all = (await audited.reader.changes({ order: 'oldest' })).items;
    const times = all.map(({ revision }) => revision.recordedAt);
    const [first, last] = [times[0], times.at(-1)];
    expect(await find({ from: first as Date })).toHaveLength(10);
    expect(await find({ until: first as Date })).toEqual([]);
    expect((await find({ from: last as Date })).at(0)).toBe('delete order 2');
    expect(await find({ from: first as Date, until: last as Date })).toHaveLength(
      all.filter(({ revision }) => revision.recordedAt < (last as Date)).length,
    );
    expect(await findOrders({ from: first as Date, ids: [2] })).toHaveLength(2);
    expect(await find({ from: first as Date, actor: { id: 'boris' } })).toHaveLength(3);
  });

  it('text in labels and values, taken literally and in any case', async () => {
    const within = { entity: [Order, Customer, Tag] };
    expect(await find({ ...within, text: 'fIRST 100%' })).toEqual(['create order 1']);
    expect(await find({ ...within, text: '100_' })).toEqual([]);
    expect(await find({ ...within, text: 'User bor' })).toHaveLength(3);
    expect(await find({ ...within, text: 'Bonn' })).toHaveLength(1);
    expect(await find({ ...within, text: 'gate' })).toEqual([]);
    expect(await find({ ...within, text: 'last4' })).toEqual([]);
    expect(await find({ root: { entity: Order, id: 1 }, text: 'Bonn' })).toHaveLength(1);
    expect(await find({ actor: { id: 'boris' }, text: 'Bonn' })).toHaveLength(1);
    expect(await find({ from: new Date(0), until: new Date('2099-01-01'), text: 'Bonn' })).toHaveLength(1);
    expect(await find({ text: 'Bonn' })).toHaveLength(1);
  });
});

describe('pages of changes', () => {
  const queries: Parameters<AuditedApp['reader']['changes']>[0][] = [
    {},
    { entity: [Order, Line] },
    { root: { entity: Order, id: 1 } },
    { actor: { type: 'user' } },
    { from: new Date(0) },
    { from: new Date(0), until: new Date('2099-01-01') },
    { until: new Date('2099-01-01') },
  ];

  it.each(
    queries.flatMap((query) => [
      { ...query, order: 'newest' as const },
      { ...query, order: 'oldest' as const },
    ]),
  )('hold every change once: %p', async (query) => {
    await tellStory();
    const whole = (await audited.reader.changes(query)).items.map(({ id }) => id);
    expect(whole.length).toBeGreaterThan(4);
    const paged: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<AuditedApp['reader']['changes']>> = await audited.reader.changes({
        ...query,
        limit: 2,
        cursor,
      });
      paged.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(paged).toEqual(whole);
  });

  it('take one statement each, wherever they begin', async () => {
    await tellStory();
    for (const query of [...queries, { actor: { id: 'anna' } }, { actor: { id: 'boris' } }]) {
      const { nextCursor } = await audited.reader.changes({ ...query, limit: 2 });
      audited.statements.take();
      await audited.reader.changes({ ...query, limit: 2, cursor: nextCursor });
      expect([query, audited.statements.take().length]).toEqual([query, 1]);
    }
  });

  it('stay as they are while new changes arrive', async () => {
    await tellStory();
    for (const query of queries) {
      const whole = (await audited.reader.changes(query)).items.map(({ id }) => id);
      const first = await audited.reader.changes({ ...query, limit: 3 });
      const em = audited.orm.em.fork();
      (await em.findOneOrFail(Order, 1)).title += '!';
      await audited.context.run({ actor: user('anna') }, () => em.flush());
      const second = await audited.reader.changes({ ...query, limit: 500, cursor: first.nextCursor });
      expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(whole);
    }
  });

  it('refuse the cursor of another query', async () => {
    await tellStory();
    const { nextCursor } = await audited.reader.changes({ limit: 1 });
    await expect(audited.reader.changes({ cursor: nextCursor, order: 'oldest' })).rejects.toThrow(
      /AUDIT_INVALID_QUERY.*another query/,
    );
    await expect(audited.reader.revisions({ cursor: nextCursor })).rejects.toThrow(/another query/);
    await expect(audited.reader.changes({ cursor: nextCursor, limit: 2 })).resolves.toBeDefined();
    await expect(audited.reader.changes({ cursor: 'c1' })).rejects.toThrow(/gave out/);
  });
});

describe('a search is refused', () => {
  it.each([
    [{ ids: [1] }, /ids.*together with one entity/],
    [{ property: 'title' }, /property.*together with one entity/],
    [{ entity: [Order], value: { property: 'title' } }, /value.*together with one entity/],
    [{ entity: Order, property: 'titel' }, /"titel".*Use one of: id, title/],
    [{ entity: Order, property: 'views' }, /"views"/],
    [{ entity: Order, value: { property: 'extra', to: { gt: 1 } } }, /no order/],
    [{ entity: Order, value: { property: 'tags', to: { eq: 1 } } }, /links/],
    [{ entity: Order, value: { property: 'address', to: { eq: 1 } } }, /members/],
    [{ from: new Date(Number.NaN) }, /from.*invalid date/],
    [{ limit: 0 }, /limit/],
    [{ text: '' }, /text.*empty/],
  ])('%p', async (query, message) => {
    const page = audited.reader.changes(query as never);
    await expect(page).rejects.toThrow(InvalidQueryError);
    await expect(page).rejects.toThrow(message);
  });

  it('for a class that is not audited', async () => {
    class Stranger {}
    await expect(audited.reader.changes({ entity: Stranger })).rejects.toThrow(NotAuditedError);
  });
});

describe('revisions', () => {
  beforeEach(tellStory);

  it('are found by what they have, with the number of their changes by type', async () => {
    const { items } = await audited.reader.revisions({ order: 'oldest' });
    expect(items.map(({ counts }) => counts)).toEqual([
      { customer: 1, order: 1, line: 2 },
      { order: 1 },
      { order: 1 },
      { order: 1, tag: 1 },
      { line: 1 },
      { order: 1 },
    ]);
    expect(items[0]).toMatchObject({ actor: { id: 'anna' }, action: 'order.place' });
    expect(items[0]).not.toHaveProperty('changes');
    const count = async (query: Parameters<AuditedApp['reader']['revisions']>[0]) =>
      (await audited.reader.revisions(query)).items.length;
    expect(await count({ actor: { id: 'boris' } })).toBe(2);
    expect(await count({ action: 'order.purge' })).toBe(2);
    expect(await count({ root: { entity: Order, id: 1 } })).toBe(4);
    expect(await count({ entity: [Line], operation: 'delete' })).toBe(1);
    expect(await count({ from: new Date(0) })).toBe(6);
    expect(await count({ until: new Date(0) })).toBe(0);
    const updates = await audited.reader.revisions({ entity: Order, ids: [1], operation: 'update' });
    expect(updates.items).toHaveLength(2);
  });

  it.each([{}, { from: new Date(0) }, { root: { entity: Order, id: 1 } }])(
    'come in pages that follow each other: %p',
    async (query) => {
      for (const order of ['newest', 'oldest'] as const) {
        const whole = (await audited.reader.revisions({ ...query, order })).items.map(({ id }) => id);
        const first = await audited.reader.revisions({ ...query, order, limit: 2 });
        const second = await audited.reader.revisions({ ...query, order, cursor: first.nextCursor });
        expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(whole);
      }
    },
  );
});
