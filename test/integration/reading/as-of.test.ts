import { describe, expect, it } from '@jest/globals';
import { ref } from '@mikro-orm/core';
import { InvalidQueryError, MaskedValue, NotAuditedError, type PointInTime } from 'nestjs-mikro-audit';
import { Customer, Order, Tag } from '../../support/fixtures/shop.js';
import { useOrders } from './use-orders.js';

const { audited, now, fork, newOrder, change } = useOrders();

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

  it('has the values of the entity: typed, with nested embeddables, links as keys', async () => {
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

  it('refuses invalid arguments', async () => {
    class Stranger {}
    await expect(audited.reader.asOf(Stranger, 1, new Date())).rejects.toThrow(NotAuditedError);
    const refused = [
      audited.reader.asOf(Order, 1, new Date(Number.NaN)),
      audited.reader.asOf(Order, 1, { revision: 'x' }),
      audited.reader.asOf(Order, 1, { revision: '99999' }),
      audited.reader.asOf(Order, 1, new Date(), { populate: ['lines.nothing'] }),
      audited.reader.findAsOf(Order, { views: 1 } as never, new Date()),
      audited.reader.findAsOf(Order, { tags: 1 }, new Date()),
      audited.reader.findAsOf(Order, { card: '4242' }, new Date()),
    ];
    for (const result of await Promise.allSettled(refused)) {
      expect(result).toMatchObject({ status: 'rejected', reason: expect.any(InvalidQueryError) });
    }
  });
});
