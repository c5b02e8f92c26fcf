import { defineEntity, p } from '@mikro-orm/core';
import type { Mapping } from './mapping.js';

const Part = defineEntity({
  name: 'Part',
  discriminatorColumn: 'kind',
  discriminatorValue: 'part',
  properties: { id: p.integer().primary(), kind: p.string(), name: p.string() },
});
const Bolt = defineEntity({
  name: 'Bolt',
  extends: Part,
  discriminatorValue: 'bolt',
  properties: { threads: p.integer().fieldName('amount').nullable() },
});
const Wheel = defineEntity({
  name: 'Wheel',
  extends: Part,
  discriminatorValue: 'wheel',
  properties: {
    spokes: p.integer().fieldName('amount').nullable(),
    bolts: () => p.manyToMany(Bolt).joinColumn('wheel_id').inverseJoinColumn('bolt_id'),
    hub: () => p.manyToOne(Part).nullable(),
  },
});
const singleTable: Mapping = {
  title: 'siblings in one table, which share a column',
  unrestored: 'MikroORM 7.2 loses a shared column where it inserts siblings at once',
  entities: [Part, Bolt, Wheel],
  create(em) {
    const bolt = em.create(Bolt, { id: 1, name: 'b', threads: 5 } as never);
    const wheel = em.create(Wheel, { id: 2, name: 'w', spokes: 7 } as never);
    wheel.bolts.add(bolt);
    wheel.hub = em.create(Part, { id: 3, name: 'p' } as never) as never;
  },
  updates: [
    async (em) => {
      (await em.findOneOrFail(Wheel, 2)).spokes = 8;
      (await em.findOneOrFail(Bolt, 1)).threads = null;
    },
    async (em) => {
      em.getReference(Part, 2).name = 'by its base class';
    },
  ],
  async remove(em) {
    const bolt = await em.findOneOrFail(Part, 1);
    em.remove(em.getReference(Part, 2));
    em.remove(bolt);
  },
};

const Signer = defineEntity({
  name: 'Signer',
  properties: {
    id: p.integer().primary(),
    documents: () => p.manyToMany(Document).mappedBy('signers'),
  },
});
const Document = defineEntity({
  name: 'Document',
  discriminatorColumn: 'kind',
  discriminatorValue: 'document',
  properties: {
    id: p.integer().primary(),
    kind: p.string(),
    signers: () => p.manyToMany(Signer).inversedBy('documents'),
  },
});
const Permit = defineEntity({
  name: 'Permit',
  extends: Document,
  discriminatorValue: 'permit',
  properties: {},
});
/** MikroORM 7.2 populates documents without permits. */
const linksOfSubclass: Mapping = {
  title: 'links of a class that extends another one in its table, lost from their other end',
  entities: [Signer, Document, Permit],
  create(em) {
    const signers = [1, 2].map((id) => em.create(Signer, { id }));
    em.create(Permit, { id: 1, signers } as never);
    em.create(Document, { id: 2, signers } as never);
  },
  updates: [
    async (em) => em.remove(await em.findOneOrFail(Signer, 1, { populate: ['documents'] })),
    async (em) => {
      const signer = await em.findOneOrFail(Signer, 2, { populate: ['documents'] });
      signer.documents.removeAll();
    },
  ],
  async remove(em) {
    em.remove(await em.findAll(Document));
    em.remove(await em.findAll(Signer, { populate: ['documents'] }));
  },
};

const Vehicle = defineEntity({
  name: 'Vehicle',
  inheritance: 'tpt',
  properties: { id: p.integer().primary(), plate: p.string() },
});
const Car = defineEntity({
  name: 'Car',
  extends: Vehicle,
  properties: { seats: p.integer(), towed: () => p.manyToOne(Vehicle).nullable() },
});
const Taxi = defineEntity({ name: 'Taxi', extends: Car, properties: { license: p.string() } });
const joinedTables: Mapping = {
  title: 'classes in joined tables',
  entities: [Vehicle, Car, Taxi],
  create(em) {
    const vehicle = em.create(Vehicle, { id: 1, plate: 'v' });
    em.create(Car, { id: 2, plate: 'c', seats: 4, towed: vehicle });
    em.create(Taxi, { id: 3, plate: 't', seats: 5, license: 'l' });
  },
  updates: [
    async (em) => {
      const taxi = await em.findOneOrFail(Taxi, 3);
      taxi.plate = 'u';
      taxi.license = 'm';
    },
    async (em) => {
      (await em.findOneOrFail(Car, 2)).towed = null;
      (await em.findOneOrFail(Vehicle, 3)).plate = 'by its base class';
    },
  ],
  async remove(em) {
    em.remove(await em.findAll(Vehicle));
  },
};

const Sale = defineEntity({
  name: 'Sale',
  properties: { id: p.integer().primary(), amount: p.integer(), shop: p.string() },
});
const ShopTotal = defineEntity({
  name: 'ShopTotal',
  expression: 'select shop, sum(amount)::int as total from sale group by shop order by shop',
  properties: { shop: p.string(), total: p.integer() },
});
const virtual: Mapping = {
  title: 'a virtual entity',
  entities: [Sale],
  others: [ShopTotal],
  create(em) {
    em.create(Sale, { id: 1, amount: 2, shop: 'a' });
    em.create(Sale, { id: 2, amount: 3, shop: 'a' });
  },
  updates: [
    async (em) => {
      const [total] = await em.findAll(ShopTotal);
      (await em.findOneOrFail(Sale, 1)).amount = total?.total ?? 0;
    },
  ],
  async remove(em) {
    em.remove(await em.findAll(Sale));
  },
};

export const classMappings: readonly Mapping[] = [singleTable, linksOfSubclass, joinedTables, virtual];
