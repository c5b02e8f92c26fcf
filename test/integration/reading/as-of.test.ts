import { describe, expect, it } from '@jest/globals';
import { ref } from '@mikro-orm/core';
import {
  HistoryUnavailableError,
  InvalidQueryError,
  MaskedValue,
  NotAuditedError,
  type PointInTime,
} from 'nestjs-mikro-audit';
import { useAuditedApp } from '../../support/use-audited-app.js';
import { Customer, Invoice, Line, Order, SHOP_HASH_KEY, shop, shopOracle, Tag } from './shop.js';

const audited = useAuditedApp({
  entities: shop,
  options: { hashKey: SHOP_HASH_KEY },
  oracle: shopOracle,
});

/** The newest revision, as a point in time. */
async function now(): Promise<{ revision: string }> {
  const { items } = await audited.reader.revisions({ limit: 1 });
  return { revision: items[0]?.id ?? '' };
}

const fork = () => audited.orm.em.fork();

async function newOrder(
  values: Partial<{ title: string; price: string; customer: Customer }> = {},
): Promise<number> {
  const em = fork();
  const { customer, ...rest } = values;
  const order = em.create(Order, {
    title: 'First',
    ...rest,
    ...(customer && { customer: ref(em.merge(customer)) }),
  });
  await em.flush();
  return order.id;
}

async function change(id: number, apply: (order: Order) => void): Promise<{ revision: string }> {
  const em = fork();
  apply(await em.findOneOrFail(Order, id, { populate: ['tags', 'route'] }));
  await em.flush();
  return now();
}

describe('the state of an entity', () => {
  it('is that after the changes up to a revision or a time', async () => {
    const id = await newOrder();
    const first = await now();
    await change(id, (order) => {
      order.title = 'Second';
    });
    const second = await now();
    const title = async (at: PointInTime) => (await audited.reader.asOf(Order, id, at))?.title;
    expect([await title(first), await title(second), await title(new Date())]).toEqual([
      'First',
      'Second',
      'Second',
    ]);
    const { items } = await audited.reader.history(Order, id);
    for (const { revision, after } of items) {
      expect(await title({ revision: revision.id })).toBe(after?.title);
    }
    const [newest] = items;
    expect(await title(newest?.revision.recordedAt ?? new Date(0))).toBe('Second');
  });

  it('has what the entity had: types, embeddables nested, links as keys', async () => {
    const em = fork();
    const customer = em.create(Customer, { name: 'Anna' });
    const tags = ['b', 'a'].map((name) => em.create(Tag, { name }));
    const order = em.create(Order, {
      title: 'First',
      price: '12.5',
      total: 2n ** 60n,
      dueAt: new Date('2027-01-01T00:00:00Z'),
      card: '4242424242424242',
      extra: { gate: 'B', inner: { a: 1 } },
      address: { street: null, city: 'Kiel' },
      parcel: { weight: 3, carrier: null },
      customer: ref(customer),
    });
    order.tags.add(tags);
    order.route.add(tags.toReversed());
    await em.flush();
    const state = await audited.reader.asOf(Order, order.id, new Date());
    expect(state).toEqual({
      id: order.id,
      title: 'First',
      status: 'open',
      price: '12.50',
      total: 2n ** 60n,
      pieces: null,
      dueAt: new Date('2027-01-01T00:00:00Z'),
      paid: false,
      card: new MaskedValue('last4', '4242'),
      taxNumber: null,
      extra: { gate: 'B', inner: { a: 1 } },
      address: { street: null, city: 'Kiel' },
      parcel: { weight: 3, carrier: null },
      customer: customer.id,
      tags: tags.map((tag) => tag.id).sort(),
      route: tags.toReversed().map((tag) => tag.id),
    });
    expect(Object.getPrototypeOf(state)).toBe(Object.prototype);
  });

  it('has no embeddable where all of it is null', async () => {
    const id = await newOrder();
    expect(await audited.reader.asOf(Order, id, new Date())).toMatchObject({ address: null, parcel: null });
  });

  it('is null before it was created, after it was deleted, and in between two lives', async () => {
    await newOrder();
    const before = await now();
    const id = await newOrder();
    const created = await now();
    const em = fork();
    em.remove(await em.findOneOrFail(Order, id));
    await em.flush();
    const deleted = await now();
    const again = fork();
    again.create(Order, { id, title: 'Again' });
    await again.flush();
    const state = async (at: PointInTime) => (await audited.reader.asOf(Order, id, at))?.title ?? null;
    expect(await state(before)).toBeNull();
    expect(await state(new Date(0))).toBeNull();
    expect(await state(created)).toBe('First');
    expect(await state(deleted)).toBeNull();
    expect(await state(await now())).toBe('Again');
    expect(await audited.reader.asOf(Order, 404, new Date())).toBeNull();
    expect(await audited.reader.asOf(Order, 'no number', new Date())).toBeNull();
  });

  it('follows links that come and go, and lists', async () => {
    const em = fork();
    const tags = ['a', 'b', 'c'].map((name) => em.create(Tag, { name }));
    await em.flush();
    const [a, b, c] = tags.map((tag) => tag.id) as [number, number, number];
    const id = await newOrder();
    const points: PointInTime[] = [await now()];
    const set = (ids: number[]) => (order: Order) => {
      const wanted = ids.map((tagId) => audited.orm.em.fork().getReference(Tag, tagId));
      order.tags.set(wanted);
      order.route.set(wanted);
    };
    for (const ids of [[a, b], [b, c], [c, b], []]) {
      points.push(await change(id, set(ids)));
    }
    const seen: unknown[] = [];
    for (const point of points) {
      const state = await audited.reader.asOf(Order, id, point);
      seen.push([state?.tags, state?.route]);
    }
    expect(seen).toEqual([
      [[], []],
      [
        [a, b],
        [a, b],
      ],
      [
        [b, c],
        [b, c],
      ],
      [
        [b, c],
        [c, b],
      ],
      [[], []],
    ]);
  });

  it('has the same links in the same order, however they came about', async () => {
    const em = fork();
    const tags = Array.from({ length: 11 }, (_, at) => em.create(Tag, { name: `${at}` }));
    await em.flush();
    const ids = tags.map((tag) => tag.id);
    const id = await newOrder();
    for (const tagId of ids.toReversed()) {
      await change(id, (order) => order.tags.add(audited.orm.em.fork().getReference(Tag, tagId)));
    }
    const linked = await now();
    await change(id, (order) => order.tags.remove((tag) => tag.id === ids[0]));
    await change(id, (order) => order.tags.add(audited.orm.em.fork().getReference(Tag, ids[0] as number)));
    for (const point of [linked, await now()]) {
      expect((await audited.reader.asOf(Order, id, point))?.tags).toEqual(ids);
      const populated = await audited.reader.asOf(Order, id, point, { populate: ['tags'] });
      expect(populated?.tags?.map((tag) => tag.id)).toEqual(ids);
    }
  });

  it('takes one query at a time, two with a revision', async () => {
    const id = await newOrder();
    const at = await now();
    audited.statements.take();
    await audited.reader.asOf(Order, id, new Date());
    expect(audited.statements.take()).toHaveLength(1);
    await audited.reader.asOf(Order, id, at);
    expect(audited.statements.take()).toHaveLength(2);
  });

  it('is refused for what cannot be', async () => {
    class Stranger {}
    await expect(audited.reader.asOf(Stranger, 1, new Date())).rejects.toThrow(NotAuditedError);
    const refused = [
      audited.reader.asOf(Order, 1, new Date(Number.NaN)),
      audited.reader.asOf(Order, 1, { revision: 'x' }),
      audited.reader.asOf(Order, 1, { revision: '99999' }),
      audited.reader.asOf(Order, 1, new Date(), { populate: ['lines.nothing'] }),
      audited.reader.asOf(Order, { views: 1 } as never, new Date()),
      audited.reader.asOf(Order, { tags: 1 }, new Date()),
      audited.reader.asOf(Order, { card: '4242' }, new Date()),
    ];
    for (const result of await Promise.allSettled(refused)) {
      expect(result).toMatchObject({ status: 'rejected', reason: expect.any(InvalidQueryError) });
    }
  });
});

describe('a history that does not begin with the creation', () => {
  const execute = (sql: string) => {
    audited.skipOracle();
    return audited.orm.em.getConnection().execute(sql);
  };

  it('is an error before its first change, not a guess', async () => {
    const id = await newOrder();
    const early = await now();
    await change(id, (order) => {
      order.title = 'Second';
    });
    await execute(`delete from audit_change where operation = 'create'`);
    const state = audited.reader.asOf(Order, id, early);
    await expect(state).rejects.toThrow(HistoryUnavailableError);
    await expect(state).rejects.toThrow(/AUDIT_HISTORY_UNAVAILABLE.*order 1.*Ask for a later time/);
  });

  it('names what is not known afterwards, either', async () => {
    const id = await newOrder();
    await change(id, (order) => {
      order.title = 'Second';
    });
    await execute(`delete from audit_change where operation = 'create'`);
    await expect(audited.reader.asOf(Order, id, new Date())).rejects.toMatchObject({
      data: { missing: expect.arrayContaining(['price', 'tags']) },
    });
  });

  it('is known when the entity has ended', async () => {
    const em = fork();
    const tag = em.create(Tag, { name: 'a' });
    await em.flush();
    const id = await newOrder({ price: '7.00' });
    const linked = await change(id, (order) => {
      order.title = 'Second';
      order.tags.add(em.getReference(Tag, tag.id));
    });
    await change(id, (order) => {
      order.title = 'Third';
      order.tags.removeAll();
    });
    const removing = fork();
    removing.remove(await removing.findOneOrFail(Order, id));
    await removing.flush();
    await execute(`delete from audit_change where operation = 'create' and entity_type = 'order'`);
    expect(await audited.reader.asOf(Order, id, linked)).toMatchObject({
      title: 'Second',
      price: '7.00',
      tags: [tag.id],
    });
    expect(await audited.reader.asOf(Order, id, new Date())).toBeNull();
  });

  it('is an error for a row of which nothing is recorded', async () => {
    const id = await newOrder();
    await execute('delete from audit_change');
    await expect(audited.reader.asOf(Order, id, new Date())).rejects.toThrow(HistoryUnavailableError);
    await expect(audited.reader.blame(Order, id)).rejects.toThrow(HistoryUnavailableError);
  });
});

describe('relations of a past state', () => {
  /** An order whose surroundings all change after `then`. */
  async function story() {
    const em = fork();
    const customer = em.create(Customer, { name: 'Anna' });
    const [urgent, late] = ['urgent', 'late'].map((name) => em.create(Tag, { name })) as [Tag, Tag];
    const order = em.create(Order, { title: 'First', customer: ref(customer) });
    const other = em.create(Order, { title: 'Other' });
    order.tags.add(urgent, late);
    order.route.add(late, urgent);
    const lines = [1, 2].map((quantity) => em.create(Line, { quantity, order: ref(order) })) as [Line, Line];
    em.create(Invoice, { number: 'I1', order: ref(order) });
    await em.flush();
    const then = await now();
    customer.name = 'Berta';
    urgent.name = 'renamed';
    lines[0].order = ref(other);
    lines[1].quantity = 20;
    order.tags.remove(late);
    await em.flush();
    const between = await now();
    em.remove(late);
    order.route.removeAll();
    await em.flush();
    em.remove(await em.findOneOrFail(Invoice, { number: 'I1' }));
    await em.flush();
    em.remove(order);
    await em.flush();
    em.remove(customer);
    await em.flush();
    return { id: order.id, otherId: other.id, customerId: customer.id, then, between };
  }

  it('are those of then, also of what is deleted since', async () => {
    const { id, then, between, otherId } = await story();
    const populate = ['customer', 'tags', 'route', 'lines', 'invoice'] as const;
    const state = await audited.reader.asOf(Order, id, then, { populate });
    expect(state).toMatchObject({
      title: 'First',
      customer: { name: 'Anna' },
      route: [{ name: 'late' }, { name: 'urgent' }],
      lines: [{ quantity: 1 }, { quantity: 2 }],
      invoice: { number: 'I1' },
    });
    expect(state?.tags?.map(({ name }) => name).sort()).toEqual(['late', 'urgent']);
    const later = await audited.reader.asOf(Order, id, between, { populate });
    expect(later).toMatchObject({
      customer: { name: 'Berta' },
      tags: [{ name: 'renamed' }],
      lines: [{ quantity: 20 }],
    });
    const other = await audited.reader.asOf(Order, otherId, between, { populate: ['lines'] });
    expect(other?.lines).toMatchObject([{ quantity: 1, order: otherId }]);
    expect(await audited.reader.asOf(Order, id, new Date(), { populate })).toBeNull();
  });

  it('are found from the other side, over several levels', async () => {
    const { then, customerId } = await story();
    const customer = await audited.reader.asOf(Customer, customerId, then, {
      populate: ['orders.tags', 'orders.lines', 'orders.customer'],
    });
    expect(customer?.orders).toMatchObject([
      { title: 'First', lines: [{ quantity: 1 }, { quantity: 2 }], customer: { name: 'Anna' } },
    ]);
    const tag = await audited.reader.asOf(Tag, 1, then, { populate: ['orders'] });
    expect(tag?.orders).toMatchObject([{ title: 'First' }]);
  });

  it('take the same number of queries, however many entities there are', async () => {
    const em = fork();
    for (let at = 0; at < 12; at++) {
      const order = em.create(Order, {
        title: `${at}`,
        customer: ref(em.create(Customer, { name: `${at}` })),
      });
      order.tags.add(em.create(Tag, { name: `${at}` }));
      em.create(Line, { quantity: at, order: ref(order) });
    }
    await em.flush();
    const at = new Date();
    const count = async (limit: number) => {
      audited.statements.take();
      const page = await audited.reader.asOf(Order, {}, at, {
        limit,
        populate: ['customer.orders', 'tags', 'lines'],
      });
      expect(page.items).toHaveLength(limit);
      return audited.statements.take().length;
    };
    expect(await count(1)).toBe(await count(10));
  });
});

describe('the entities that had some values then', () => {
  it('are found by what they had, in pages', async () => {
    const first = await newOrder({ title: 'a', price: '1.00' });
    const second = await newOrder({ title: 'a', price: '2.00' });
    const third = await newOrder({ title: 'b', price: '1.00' });
    const then = await now();
    await change(first, (order) => {
      order.title = 'b';
    });
    const em = fork();
    em.remove(await em.findOneOrFail(Order, second));
    await em.flush();
    const ids = async (where: Parameters<typeof audited.reader.asOf<Order>>[1], at: PointInTime) => {
      const page = await audited.reader.asOf(Order, where as { title: string }, at);
      return page.items.map(({ id }) => id);
    };
    expect(await ids({ title: 'a' }, then)).toEqual([first, second]);
    expect(await ids({ title: 'a', price: '1' }, then)).toEqual([first]);
    expect(await ids({ title: 'b' }, then)).toEqual([third]);
    expect(await ids({ title: 'b' }, new Date())).toEqual([first, third]);
    expect(await ids({ title: 'a' }, new Date())).toEqual([]);
    expect(await ids({ customer: null }, then)).toEqual([first, second, third]);
    expect(await ids({ id: second }, then)).toEqual([second]);
    expect(await ids({ 'address.city': null }, then)).toHaveLength(3);
    expect(await ids({}, new Date())).toEqual([first, third]);
    const seen: unknown[] = [];
    let cursor: string | null = null;
    do {
      const page: { items: readonly { id?: unknown }[]; nextCursor: string | null } =
        await audited.reader.asOf(Order, { customer: null }, then, { limit: 1, cursor });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual([first, second, third]);
  });

  it('do not take the cursor of another moment', async () => {
    await newOrder();
    await newOrder();
    const then = await now();
    const { nextCursor } = await audited.reader.asOf(Order, {}, then, { limit: 1 });
    await expect(audited.reader.asOf(Order, {}, new Date(), { cursor: nextCursor })).rejects.toThrow(
      /another query/,
    );
  });
});
