import { describe, expect, it } from '@jest/globals';
import { EntityLink } from 'nestjs-mikro-audit';
import { Country, Item, Stock, useItems } from './use-items.js';

const { audited, itemWithChanges } = useItems();

describe('the values of a change', () => {
  it('come as the entity has them', async () => {
    const em = audited.orm.em.fork();
    const values = {
      title: 'x',
      price: '12345678901234.5000',
      total: 2n ** 62n,
      at: new Date('2024-02-29T12:00:00.123Z'),
      bytes: Buffer.from([0, 255, 10]),
      flags: ['a', 'b,c'],
      data: { list: [1, null, { deep: true }] },
    };
    const item = em.create(Item, values);
    await em.flush();
    const { items } = await audited.reader.history(Item, item.id);
    expect(items[0]?.after).toEqual({ id: BigInt(item.id), ...values });
    expect(items[0]?.after?.bytes).toBeInstanceOf(Uint8Array);
  });

  it('come property by property, too', async () => {
    const em = audited.orm.em.fork();
    const item = em.create(Item, { title: 'x', price: '1.5' });
    await em.flush();
    em.assign(item, { title: 'y', price: null });
    await em.flush();
    em.remove(item);
    await em.flush();
    const { items } = await audited.reader.history(Item, 1n);
    expect(items.map(({ operation }) => operation)).toEqual(['delete', 'update', 'create']);
    expect(items[1]?.fields).toHaveLength(2);
    expect(items[1]?.fields).toEqual(
      expect.arrayContaining([
        { path: 'title', before: 'x', after: 'y' },
        { path: 'price', before: '1.5000', after: null },
      ]),
    );
    expect(items[2]?.fields.every(({ before }) => before === undefined)).toBe(true);
    expect(items[0]?.fields.every(({ after }) => after === undefined)).toBe(true);
    expect([items[2]?.before, items[0]?.after]).toEqual([null, null]);
  });

  it('are plain data, of which nothing is managed', async () => {
    const em = audited.orm.em.fork();
    const item = em.create(Item, { title: 'x' });
    em.create(Stock, { item, country: em.create(Country, { code: 'DE', title: 'x' }), amount: 1 });
    await em.flush();
    const reading = audited.orm.em.fork();
    const page = await audited.reader.history(Stock, [item.id, 'DE']);
    expect(reading.getUnitOfWork().getIdentityMap().keys()).toEqual([]);
    expect(Object.getPrototypeOf(page.items[0]?.after)).toBe(Object.prototype);
    expect(page.items[0]?.after?.item).not.toBeInstanceOf(EntityLink);
    expect(structuredClone(page)).toEqual(page);
  });

  it('of a property or class that is gone, or of a hand-made row, can still be read', async () => {
    audited.skipOracle();
    const id = await itemWithChanges(0);
    await audited.orm.em
      .getConnection()
      .execute(
        `update audit_change set after = '{"gone":"x","at":"not a date","bytes":7,"total":"many","flags":{"$odd":1}}'`,
      );
    const { items } = await audited.reader.history(Item, id);
    expect(items[0]?.after).toMatchObject({ gone: 'x', at: 'not a date' });
  });
});
