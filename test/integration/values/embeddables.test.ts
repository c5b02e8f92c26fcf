import { describe, expect, it } from '@jest/globals';
import { Money } from './custom-cases.js';
import { Cat, Country, Dog, ExactHouse, House } from './embeddable-model.js';
import {
  address,
  ENGLAND,
  FRANCE,
  fullProfile,
  geo,
  LATER,
  NOON,
  profile,
  storedProfile,
} from './embeddable-values.js';
import { useHouseholds } from './use-households.js';

const { audited, of: householdsOf } = useHouseholds();

describe.each([
  ['what the unit of work has', House],
  ['rows that are read', ExactHouse],
] as const)('an embeddable, from %s', (_source, type) => {
  const { create, change, load, changes, updates, touch } = householdsOf(type);

  describe('in columns of its own', () => {
    it('is recorded by path, with dates, custom types, arrays, a relation and a nested one', async () => {
      await create({
        home: address({
          street: 'Main',
          since: new Date(LATER),
          rent: new Money(5),
          tags: ['a', 'b,c'],
          country: audited.orm.em.fork().getReference(Country, FRANCE),
          geo: geo(1.5, NOON),
        }),
      });
      expect((await changes())[0]?.[2]).toMatchObject({
        'home.street': 'Main',
        'home.since': '2024-05-02T12:00:01.000Z',
        'home.rent': 5,
        'home.tags': ['a', 'b,c'],
        'home.country': FRANCE.toLowerCase(),
        'home.geo.lat': 1.5,
        'home.geo.measured': NOON,
      });
      await touch();
      const { items } = await audited.reader.history(type, 1);
      const { home } = await load();
      expect(items.at(-1)?.after).toMatchObject({
        'home.since': home?.since,
        'home.rent': new Money(5),
        'home.tags': ['a', 'b,c'],
        'home.geo.measured': new Date(NOON),
      });
    });

    it('can change in one field, be set to null and come back', async () => {
      await create({ home: address({ street: 'Main', geo: geo(1) }) });
      await change(({ home }) => {
        if (home?.geo) {
          home.street = 'Side';
          home.geo.lat = 2;
          home.country = audited.orm.em.fork().getReference(Country, ENGLAND);
        }
      });
      await change((house) => {
        house.home = null;
      });
      await change((house) => {
        house.home = address({ street: 'Main', geo: geo(1) });
      });
      await change((house) => {
        house.home = address({ street: 'Main', geo: geo(1) });
      });
      expect(await updates()).toEqual([
        [
          { 'home.street': 'Main', 'home.geo.lat': 1, 'home.country': null },
          { 'home.street': 'Side', 'home.geo.lat': 2, 'home.country': ENGLAND },
        ],
        [
          { 'home.street': 'Side', 'home.geo.lat': 2, 'home.country': ENGLAND },
          { 'home.street': null, 'home.geo.lat': null, 'home.country': null },
        ],
        [
          { 'home.street': null, 'home.geo.lat': null },
          { 'home.street': 'Main', 'home.geo.lat': 1 },
        ],
      ]);
    });
  });

  describe('as an object', () => {
    it('is recorded with the names of its properties and decoded as the entity has it', async () => {
      await create({ profile: fullProfile() });
      expect((await changes())[0]?.[2]?.profile).toEqual(storedProfile);
      await touch();
      const { items } = await audited.reader.history(type, 1);
      const decoded = items.at(-1)?.after?.profile;
      expect(decoded).toEqual({ ...(await load()).profile });
      expect(decoded).toMatchObject({ budget: new Money(100), born: new Date(NOON), tags: ['a,b', '"q"'] });
    });

    it('can change in one member, be set to null and come back', async () => {
      await create({ profile: profile({ fullName: 'Ada', place: geo(1, NOON) }) });
      await change(({ profile: one }) => {
        if (one?.place) {
          one.place.lat = 2;
        }
      });
      await change((house) => {
        house.profile = null;
      });
      await change((house) => {
        house.profile = profile({ budget: new Money(1) });
      });
      await change((house) => {
        house.profile = profile({ budget: new Money(1) });
      });
      const ada = { fullName: 'Ada', place: { lat: 1, measured: NOON } };
      expect(await updates()).toMatchObject([
        [{ profile: ada }, { profile: { ...ada, place: { lat: 2, measured: NOON } } }],
        [{ profile: { ...ada, place: { lat: 2, measured: NOON } } }, { profile: null }],
        [{ profile: null }, { profile: { budget: 1 } }],
      ]);
    });

    it('is no change when the JSON in it has another order of keys', async () => {
      await create({ profile: profile({ extra: { a: 1, b: 2 } }) });
      await change((house) => {
        if (house.profile) {
          house.profile.extra = { b: 2, a: 1 };
        }
      });
      expect(await updates()).toEqual([]);
    });

    it('hides members with the names of secrets', async () => {
      await create({ profile: profile({ extra: { password: 'x', name: 'y' } }) });
      expect((await changes())[0]?.[2]?.profile).toMatchObject({
        extra: { password: { $mask: { kind: 'redact' } }, name: 'y' },
      });
      await touch();
    });
  });

  describe('as an array', () => {
    it('is recorded as a whole and decoded as the entity has it', async () => {
      await create({ people: [fullProfile(), profile({ fullName: 'Bob' })] });
      await change((house) => {
        house.people?.push(profile({ born: new Date(NOON) }));
      });
      await change((house) => {
        house.people = [];
      });
      await change((house) => {
        house.people = null;
      });
      const [ada, bob] = [storedProfile, expect.objectContaining({ fullName: 'Bob' })];
      const born = expect.objectContaining({ born: NOON });
      expect((await changes())[0]?.[2]?.people).toEqual([ada, bob]);
      expect(await updates()).toEqual([
        [{ people: [ada, bob] }, { people: [ada, bob, born] }],
        [{ people: [ada, bob, born] }, { people: [] }],
        [{ people: [] }, { people: null }],
      ]);
      const { items } = await audited.reader.history(type, 1);
      expect(items.at(-1)?.after?.people).toMatchObject([
        { budget: new Money(100), track: [{ lat: 1 }, { measured: new Date(LATER) }] },
        { fullName: 'Bob' },
      ]);
    });
  });

  describe('of several classes', () => {
    it('in columns of its own', async () => {
      await create({ pet: new Cat('Tom', 9) });
      await change((house) => {
        house.pet = new Dog('Rex', new Date(NOON));
      });
      await change((house) => {
        house.pet = null;
      });
      expect((await changes())[0]?.[2]).toMatchObject({
        'pet.kind': 'cat',
        'pet.name': 'Tom',
        'pet.lives': 9,
      });
      expect((await updates()).at(-1)).toEqual([
        expect.objectContaining({ 'pet.kind': 'dog', 'pet.name': 'Rex', 'pet.walked': NOON }),
        expect.objectContaining({ 'pet.kind': null, 'pet.name': null, 'pet.walked': null }),
      ]);
    });

    it('as an object and an array', async () => {
      await create({ guest: new Cat('Tom', 9), zoo: [new Cat('Kit', 1), new Dog('Rex', new Date(NOON))] });
      await change((house) => {
        house.guest = new Dog('Fido', new Date(LATER));
        house.zoo = [...(house.zoo ?? [])].reverse();
      });
      const [kit, rex] = [
        { kind: 'cat', name: 'Kit', lives: 1 },
        { kind: 'dog', name: 'Rex', walked: NOON },
      ];
      expect((await changes())[0]?.[2]).toMatchObject({
        guest: { kind: 'cat', name: 'Tom', lives: 9 },
        zoo: [kit, rex],
      });
      expect(await updates()).toEqual([
        [
          { guest: { kind: 'cat', name: 'Tom', lives: 9 }, zoo: [kit, rex] },
          { guest: { kind: 'dog', name: 'Fido', walked: LATER }, zoo: [rex, kit] },
        ],
      ]);
      const { items } = await audited.reader.history(type, 1);
      expect(items[0]?.after?.guest).toEqual({ kind: 'dog', name: 'Fido', walked: new Date(LATER) });
    });
  });

  it('is in the last state of a removed entity', async () => {
    await create({
      home: address({ street: 'Main' }),
      profile: fullProfile(),
      people: [profile({ fullName: 'Bob' })],
      zoo: [new Cat('Kit', 1)],
    });
    await change((house, em) => {
      em.remove(house);
    });
    const [[, , created] = [], [operation, before] = []] = await changes();
    expect(operation).toBe('delete');
    expect(before).toEqual(created);
    expect(before).toMatchObject({ 'home.street': 'Main', profile: storedProfile });
  });
});
