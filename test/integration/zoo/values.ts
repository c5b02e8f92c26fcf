import { defineEntity, p, Type } from '@mikro-orm/core';
import type { Mapping } from './mapping.js';

class Celsius {
  constructor(readonly degrees: number) {}
}

class CelsiusType extends Type<Celsius | null, number | null> {
  override convertToDatabaseValue(value: Celsius | null): number | null {
    return value === null ? null : value.degrees * 10;
  }

  override convertToJSValue(value: number | null): Celsius | null {
    return value === null ? null : new Celsius(value / 10);
  }

  override getColumnType(): string {
    return 'int';
  }
}

const Reading = defineEntity({
  name: 'Reading',
  properties: {
    id: p.integer().primary(),
    revision: p.integer().version(),
    label: p.string(),
    loud: p.string().generated(`(upper(label)) stored`).nullable(),
    essay: p.text().lazy().nullable(),
    length: p
      .integer()
      .formula((columns) => `length(${String(columns)}.label)`)
      .nullable(),
    scratch: p.string().persist(false).nullable(),
    inner: p.string().hidden().nullable(),
    outside: p.type(CelsiusType).nullable(),
    data: p.json().nullable(),
    tags: p.array().nullable(),
    levels: p.enum(['low', 'high']).array().nullable(),
    price: p.decimal().precision(8).scale(2).nullable(),
    big: p.bigint().nullable(),
    bytes: p.blob().nullable(),
    day: p.date().nullable(),
    at: p.datetime().length(3).defaultRaw(`'2020-01-01T00:00:00Z'`),
    touched: p
      .integer()
      .onCreate(() => 0)
      .onUpdate((one) => (one.touched ?? 0) + 1),
  },
});
const scalars: Mapping = {
  title: 'values that the database, MikroORM or a type of the application makes',
  unrestored: 'hidden values are masked',
  entities: [Reading],
  create(em) {
    em.create(Reading, {
      id: 1,
      label: 'one',
      essay: 'long',
      scratch: 'gone',
      inner: 'x',
      outside: new Celsius(21.5),
      data: { a: [1, null, 'x'] },
      tags: ['a', 'b,c'],
      levels: ['low'],
      price: '1.239',
      big: 9_007_199_254_740_993n,
      bytes: Buffer.from('b'),
      day: '2020-02-29',
    } as never);
    em.create(Reading, { id: 2, label: 'two' } as never);
  },
  updates: [
    async (em) => {
      const reading = await em.findOneOrFail(Reading, 1);
      Object.assign(reading, { label: 'uno', outside: new Celsius(-3), data: null, levels: ['high', 'low'] });
    },
    async (em) => {
      Object.assign(await em.findOneOrFail(Reading, 1, { fields: ['label'] }), { price: '7', essay: null });
      Object.assign(em.getReference(Reading, 2), { tags: [], data: { a: null } });
    },
  ],
  async remove(em) {
    em.remove(await em.findOneOrFail(Reading, 1));
    em.remove(em.getReference(Reading, 2));
  },
};

const Point = defineEntity({
  name: 'Point',
  embeddable: true,
  properties: { x: p.double(), y: p.double().nullable() },
});
const Address = defineEntity({
  name: 'Address',
  embeddable: true,
  properties: {
    street: p.string().nullable(),
    point: () => p.embedded(Point).nullable(),
    stops: () => p.embedded(Point).array().nullable(),
  },
});
const Home = defineEntity({
  name: 'Home',
  properties: {
    id: p.integer().primary(),
    address: () => p.embedded(Address),
    second: () => p.embedded(Address).prefix('second_').nullable(),
    flat: () => p.embedded(Point).prefix(false).nullable(),
    former: () => p.embedded(Address).object().nullable(),
    all: () => p.embedded(Address).array().nullable(),
  },
});
const embeddables: Mapping = {
  title: 'embeddables: inline, nested, as an object, as a list',
  entities: [Home],
  others: [Point, Address],
  create(em) {
    const address = { street: 's', point: { x: 1, y: 2 }, stops: [{ x: 3 }] };
    em.create(Home, {
      id: 1,
      address,
      second: address,
      flat: { x: 5 },
      former: address,
      all: [address, {}],
    } as never);
    em.create(Home, { id: 2, address: {} } as never);
  },
  updates: [
    async (em) => {
      const home = await em.findOneOrFail(Home, 1);
      em.assign(home, {
        address: { street: 't', point: { y: 9 } },
        former: { stops: [] },
        all: [{ street: 'u' }],
      } as never);
    },
    async (em) => {
      Object.assign(await em.findOneOrFail(Home, 1), { second: null, flat: null, former: null, all: null });
      em.assign(await em.findOneOrFail(Home, 2), { second: { street: 'v', point: { x: 0 } } } as never);
    },
  ],
  async remove(em) {
    em.remove(await em.findAll(Home));
  },
};

export const valueMappings: readonly Mapping[] = [scalars, embeddables];
