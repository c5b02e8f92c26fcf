import { beforeEach, describe, expect, it } from '@jest/globals';
import { Customer, Line, Order, Tag } from '../../support/fixtures/shop.js';
import { useToldShop } from './use-told-shop.js';

const { audited, tellStory, find, findOrders } = useToldShop();

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
    expect(await findOrders({ id: [2] })).toEqual(['create order 2', 'delete order 2']);
    expect(await findOrders({ id: [1, 2] })).toHaveLength(5);
    expect(await findOrders({ id: [] })).toEqual([]);
    expect(await findOrders({ id: ['no number'] })).toEqual([]);
    expect(await findOrders({ id: ['a\u0000'] })).toEqual([]);
  });

  it('whole: the entity with its parts', async () => {
    const whole = { entity: Order, id: 1 };
    expect(await find({ partOf: whole, order: 'oldest' })).toEqual([
      'create order 1',
      'create line 1',
      'create line 2',
      'update order 1',
      'update order 1',
      'delete line 1',
    ]);
    expect(await find({ partOf: whole, entity: [Line], operation: 'delete' })).toEqual(['delete line 1']);
    expect(await find({ partOf: { entity: Order, id: 99 } })).toEqual([]);
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

  it('compares values inside JSON by the type of the given value', async () => {
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
    expect(await findOrders({ from: first as Date, id: [2] })).toHaveLength(2);
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
    expect(await find({ partOf: { entity: Order, id: 1 }, text: 'Bonn' })).toHaveLength(1);
    expect(await find({ actor: { id: 'boris' }, text: 'Bonn' })).toHaveLength(1);
    expect(await find({ from: new Date(0), until: new Date('2099-01-01'), text: 'Bonn' })).toHaveLength(1);
    expect(await find({ text: 'Bonn' })).toHaveLength(1);
  });
});
