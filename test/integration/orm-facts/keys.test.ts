import { describe, expect, it } from '@jest/globals';
import { defineEntity, helper, p, Type } from '@mikro-orm/core';
import { hasWholeKey } from '../../../libs/audit/src/capture/orm/change-set-facts.js';
import { keyColumnsOf, keyOf, metaOf, snapshotOf } from '../../../libs/audit/src/capture/orm/entity-facts.js';
import { RowKey } from '../../../libs/audit/src/capture/orm/row-key.js';
import { only, useFactsOrm } from './facts-orm.js';

/** In the app `#7`, in the database 7. */
class Numbered extends Type<string, number> {
  override convertToDatabaseValue(value: string): number {
    return Number(value.slice(1));
  }

  override convertToJSValue(value: number): string {
    return `#${value}`;
  }

  override getColumnType(): string {
    return 'integer';
  }
}

const Ticket = defineEntity({
  name: 'Ticket',
  properties: { number: p.type(Numbered).$type<string>().primary(), title: p.text() },
});
const City = defineEntity({
  name: 'City',
  properties: {
    country: p.text().primary(),
    name: p.text().primary(),
    size: p.integer(),
    streets: () => p.oneToMany(Street).mappedBy('city').orphanRemoval(),
  },
});
const Street = defineEntity({
  name: 'Street',
  properties: {
    city: () => p.manyToOne(City).primary(),
    name: p.text().primary(),
    length: p.integer().default(0),
  },
});
const Sign = defineEntity({
  name: 'Sign',
  properties: { id: p.integer().primary(), street: () => p.manyToOne(Street).nullable() },
});

const facts = useFactsOrm([Ticket, City, Street, Sign]);

async function aStreet(country: string): Promise<{ city: [string, string]; name: string }> {
  const own = facts.orm.em.fork();
  const city = own.create(City, { country, name: 'Ulm', size: 1 });
  const street = own.create(Street, { city, name: 'Main', length: 1 });
  own.create(Sign, { street });
  await own.flush();
  return { city: [country, 'Ulm'], name: 'Main' };
}

async function tickets(...numbers: readonly string[]): Promise<void> {
  const own = facts.orm.em.fork();
  for (const number of numbers) {
    own.create(Ticket, { number, title: 'new' });
  }
  await own.flush();
}

async function numbersOf(title: string): Promise<readonly string[]> {
  const found = await facts.orm.em.fork().find(Ticket, { title }, { orderBy: { number: 'asc' } });
  return found.map(({ number }) => number);
}

describe('keys', () => {
  it('a new entity has none, and its class has one by property name after the insert', async () => {
    const sign = facts.em.create(Sign, {});
    expect(keyOf(sign)).toEqual({});
    expect(keyColumnsOf(sign)).toEqual([]);
    await facts.em.flush();
    expect(keyOf(sign)).toEqual({ id: sign.id });
  });

  it('a key with a custom type is in database form', async () => {
    const ticket = facts.em.create(Ticket, { number: '#7', title: 'one' });
    await facts.em.flush();
    expect(keyOf(ticket)).toEqual({ number: 7 });
    expect(snapshotOf(ticket)).toMatchObject({ number: 7 });
  });

  it('a composite key has its parts by property name', async () => {
    await aStreet('A');
    const city = await facts.em.findOneOrFail(City, { country: 'A' });
    expect(keyOf(city)).toEqual({ country: 'A', name: 'Ulm' });
    expect(keyColumnsOf(city)).toEqual(['A', 'Ulm']);
  });

  it('a reference to a composite key is an object in what MikroORM says of a key, an array in snapshots', async () => {
    await aStreet('B');
    const street = await facts.em.findOneOrFail(Street, { city: { country: 'B' } });
    expect(helper(street).getPrimaryKey(true)).toMatchObject({
      city: { country: 'B', name: 'Ulm' },
      name: 'Main',
    });
    expect(snapshotOf(street)).toMatchObject({ city: ['B', 'Ulm'], name: 'Main' });
    expect(keyOf(street)).toEqual({ city: ['B', 'Ulm'], name: 'Main' });
    expect(keyColumnsOf(street)).toEqual(['B', 'Ulm', 'Main']);
  });

  it('a reference to a key with a composite part is flat in snapshots', async () => {
    await aStreet('C');
    const sign = await facts.em.findOneOrFail(Sign, { street: { $ne: null } }, { orderBy: { id: 'desc' } });
    expect([snapshotOf(sign)?.street].flat(Number.POSITIVE_INFINITY)).toEqual(['C', 'Ulm', 'Main']);
  });

  it('the snapshot and the entity give one row key', async () => {
    await aStreet('D');
    const street = await facts.em.findOneOrFail(Street, { city: { country: 'D' } });
    const place = { schema: 'public', table: metaOf(street).class };
    const bySnapshot = RowKey.ofValues(metaOf(street), snapshotOf(street) ?? {}, place);
    const byEntity = RowKey.ofValues(metaOf(street), keyOf(street), place);
    expect(bySnapshot.equals(byEntity)).toBe(true);
    expect(bySnapshot.text).toBe('["D","Ulm","Main"]');
    expect(bySnapshot.where).toEqual({ city: ['D', 'Ulm'], name: 'Main' });
  });

  it('an entity that a collection let go of has lost part of its key, and MikroORM remembers it', async () => {
    await aStreet('E');
    const city = await facts.em.findOneOrFail(City, { country: 'E' }, { populate: ['streets'] });
    const street = only(city.streets);
    city.streets.remove(street);
    expect(helper(street).__pk).toBeDefined();
    expect(keyOf(street)).toEqual({ city: ['E', 'Ulm'], name: 'Main' });
    facts.listen('onFlush', () => {
      expect(keyOf(street)).toEqual({ city: ['E', 'Ulm'], name: 'Main' });
    });
    await facts.em.nativeDelete(Sign, {});
    await facts.em.flush();
    expect(await facts.em.fork().count(Street, { city: { country: 'E' } })).toBe(0);
  });

  it('an update goes to the key that was loaded, a delete to the one that the entity has now', async () => {
    await tickets('#11', '#12');
    const updated = await facts.em.findOneOrFail(Ticket, '#11');
    updated.number = '#13';
    await facts.em.flush();
    expect(keyOf(updated)).toEqual({ number: 13 });
    updated.number = '#12';
    facts.em.remove(updated);
    await facts.em.flush();
    const left = await facts.em.fork().find(Ticket, ['#11', '#12', '#13']);
    expect(left.map(({ number }) => number)).toEqual(['#13']);
  });

  it('a change set of another key names the row by the one that was loaded, and has the new one in its payload', async () => {
    await tickets('#21');
    const ticket = await facts.em.findOneOrFail(Ticket, '#21');
    ticket.number = '#22';
    const seen = await facts.seen(
      'beforeTransactionCommit',
      ({ uow }) => uow.getChangeSets().map(({ payload, originalEntity }) => ({ payload, originalEntity })),
      () => facts.em.flush(),
    );
    expect(only(only(seen))).toMatchObject({ payload: { number: 22 }, originalEntity: { number: 21 } });
  });

  it('new keys of loaded entities are sent when several rows are updated at once', async () => {
    await tickets('#31', '#32');
    const loaded = await facts.em.find(Ticket, ['#31', '#32'], { orderBy: { number: 'asc' } });
    for (const [i, ticket] of loaded.entries()) {
      ticket.number = `#${41 + i}`;
      ticket.title = 'moved';
    }
    await facts.em.flush();
    expect(await numbersOf('moved')).toEqual(['#41', '#42']);
  });

  it.each([1, 2])(
    'a new key of a reference is not sent, and its snapshot has it, with %i rows to update',
    async (count) => {
      await tickets(`#5${count}`, `#6${count}`);
      const reference = facts.em.getReference(Ticket, `#5${count}`);
      const other = facts.em.getReference(Ticket, `#6${count}`);
      reference.number = `#7${count}`;
      for (const changed of count === 1 ? [reference] : [reference, other]) {
        changed.title = `unsent ${count}`;
      }
      await facts.em.flush();
      expect(await numbersOf(`unsent ${count}`)).toEqual(count === 1 ? ['#51'] : ['#52', '#62']);
      expect(snapshotOf(reference)).toMatchObject({ number: 70 + count });
    },
  );

  it('a composite key is whole in the payload of an insert, a generated one is not', async () => {
    facts.em.create(City, { country: 'F', name: 'Ulm', size: 1 });
    facts.em.create(Sign, {});
    const seen = await facts.seen(
      'onFlush',
      ({ uow }) =>
        uow
          .getChangeSets()
          .map(({ meta, payload }) => [meta.className, hasWholeKey(payload, metaOfName(meta.className))]),
      () => facts.em.flush(),
    );
    expect(only(seen)).toEqual(
      expect.arrayContaining([
        ['City', true],
        ['Sign', false],
      ]),
    );
  });
});

function metaOfName(name: string) {
  return facts.orm.getMetadata().getByClassName(name);
}
