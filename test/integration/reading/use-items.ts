import { defineEntity, p } from '@mikro-orm/core';
import { auditPolicy } from 'nestjs-mikro-audit';
import { useAuditedApp } from '../../support/use-audited-app.js';

export const Item = defineEntity({
  name: 'Item',
  properties: {
    id: p.bigint().primary(),
    title: p.string(),
    price: p.decimal('string').precision(20).scale(4).nullable(),
    total: p.bigint().nullable(),
    at: p.datetime().nullable(),
    bytes: p.blob().nullable(),
    flags: p.array().columnType('text[]').nullable(),
    data: p.json<object>().nullable(),
  },
});

export const Device = defineEntity({
  name: 'Device',
  properties: { id: p.uuid().primary(), title: p.string() },
});

export const Country = defineEntity({
  name: 'Country',
  properties: { code: p.string().primary(), title: p.string() },
});

export const Stock = defineEntity({
  name: 'Stock',
  properties: {
    item: () => p.manyToOne(Item).primary(),
    country: () => p.manyToOne(Country).primary(),
    amount: p.integer(),
  },
});

export const Animal = defineEntity({
  name: 'Animal',
  discriminatorColumn: 'kind',
  discriminatorValue: 'animal',
  properties: { id: p.integer().primary(), kind: p.string(), title: p.string() },
});

export const Dog = defineEntity({
  name: 'Dog',
  extends: Animal,
  discriminatorValue: 'dog',
  properties: { tricks: p.integer().nullable() },
});

export const Unaudited = defineEntity({ name: 'Unaudited', properties: { id: p.integer().primary() } });

export const titlesOf = (page: { items: readonly { after: Readonly<Record<string, unknown>> | null }[] }) =>
  page.items.map(({ after }) => after?.title);

/** Entities with keys of several kinds, whose history is read over one connection. */
export function useItems() {
  const audited = useAuditedApp({
    entities: [Item, Device, Country, Stock, Animal, Dog, Unaudited],
    options: {
      policies: [
        auditPolicy(Item, { name: 'item' }),
        auditPolicy(Device),
        auditPolicy(Country),
        auditPolicy(Stock),
        auditPolicy(Animal),
        auditPolicy(Dog),
      ],
    },
    poolMax: 1,
  });

  /** An item whose title was changed so many times. */
  async function itemWithChanges(changes: number): Promise<bigint> {
    const em = audited.orm.em.fork();
    const item = em.create(Item, { title: '0' });
    await em.flush();
    for (let change = 1; change <= changes; change++) {
      item.title = `${change}`;
      await em.flush();
    }
    return BigInt(item.id);
  }

  return { audited, itemWithChanges };
}
