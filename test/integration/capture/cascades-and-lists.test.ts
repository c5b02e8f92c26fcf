import { describe, expect, it } from '@jest/globals';
import { Collection, EntitySchema } from '@mikro-orm/core';
import { auditPolicy } from 'nestjs-mikro-audit';
import { trailOf } from '../../support/trail.js';
import { useAuditedApp } from '../../support/use-audited-app.js';

class Depot {
  id!: number;
  up: Depot | null = null;
}

class Worker {
  id!: number;
  depot!: Depot;
}

class Keeper {
  id!: number;
  readonly animals = new Collection<Animal>(this);
}

abstract class Animal {
  id!: number;
  kind!: string;
  keeper: Keeper | null = null;
}

class Cat extends Animal {}
class Dog extends Animal {}

class Album {
  id!: number;
  readonly tracks = new Collection<Track>(this);
}

class Track {
  id!: number;
  readonly albums = new Collection<Album>(this);
}

const id = { type: 'integer', primary: true } as const;
const entities = [
  new EntitySchema({
    class: Depot,
    properties: { id, up: { kind: 'm:1', entity: () => Depot, nullable: true, deleteRule: 'cascade' } },
  }),
  new EntitySchema({
    class: Worker,
    properties: { id, depot: { kind: 'm:1', entity: () => Depot, deleteRule: 'cascade' } },
  }),
  new EntitySchema({
    class: Keeper,
    properties: {
      id,
      animals: { kind: '1:m', entity: () => Animal, mappedBy: 'keeper', orphanRemoval: true },
    },
  }),
  new EntitySchema({
    class: Animal,
    abstract: true,
    discriminatorColumn: 'kind',
    properties: {
      id,
      kind: { type: 'string' },
      keeper: { kind: 'm:1', entity: () => Keeper, nullable: true },
    },
  }),
  new EntitySchema<Cat, Animal>({ class: Cat, extends: Animal, discriminatorValue: 'cat', properties: {} }),
  new EntitySchema<Dog, Animal>({ class: Dog, extends: Animal, discriminatorValue: 'dog', properties: {} }),
  new EntitySchema({
    class: Album,
    properties: { id, tracks: { kind: 'm:n', entity: () => Track, inversedBy: 'albums', fixedOrder: true } },
  }),
  new EntitySchema({
    class: Track,
    properties: { id, albums: { kind: 'm:n', entity: () => Album, mappedBy: 'tracks' } },
  }),
];
const audited = [Depot, Worker, Keeper, Cat, Dog, Album, Track];

const app = useAuditedApp({
  entities,
  options: { policies: audited.map((one) => auditPolicy<object>(one)) },
  oracle: { entities: audited },
});

const steps = async () => (await trailOf(app)).map(([type, key, operation]) => `${operation} ${type} ${key}`);

describe('a cascade that does not reach a row', () => {
  it('leaves no delete of the rows below it', async () => {
    const first = app.em.create(Depot, { id: 1, up: null });
    const second = app.em.create(Depot, { id: 2, up: first });
    app.em.create(Worker, { id: 1, depot: second });
    await app.em.flush();
    const em = app.orm.em.fork();
    const rescued = await em.findOneOrFail(Depot, 2);
    rescued.up = null;
    em.remove(em.getReference(Depot, 1));
    await em.flush();
    expect((await steps()).slice(3).sort()).toEqual(['delete Depot 1', 'update Depot 2']);
  });
});

describe('a collection of several classes that is set without having been loaded', () => {
  it('loses its members of each class', async () => {
    const [one, two] = [app.em.create(Keeper, { id: 1 }), app.em.create(Keeper, { id: 2 })];
    app.em.create(Dog, { id: 1, kind: 'dog', keeper: one });
    app.em.create(Cat, { id: 2, kind: 'cat', keeper: two });
    await app.em.flush();
    const em = app.orm.em.fork();
    const keeper = await em.findOneOrFail(Keeper, 1);
    keeper.animals.set([await em.findOneOrFail(Cat, 2)]);
    await em.flush();
    expect((await steps()).slice(4)).toContain('delete Dog 1');
  });
});

describe('an ordered list of new entities', () => {
  it.each([
    ['from its owner', (album: Album, ...tracks: Track[]) => album.tracks.add(tracks)],
    [
      'from its members',
      (album: Album, ...tracks: Track[]) => {
        for (const track of tracks) {
          track.albums.add(album);
        }
      },
    ],
  ])('has each link once, filled %s', async (_, fill) => {
    const [one, two] = [app.em.create(Track, { id: 1 }), app.em.create(Track, { id: 2 })];
    const album = app.em.create(Album, { id: 1 });
    fill(album, two, one);
    await app.em.flush();
    const [created] = (await app.reader.history(Album, 1)).items;
    expect([created?.after?.tracks].flat().sort()).toEqual([1, 2]);
  });
});
