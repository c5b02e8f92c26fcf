import { defineEntity, p } from '@mikro-orm/core';
import type { Mapping } from './mapping.js';

const Plot = defineEntity({
  name: 'Plot',
  properties: { row: p.integer().primary(), column: p.string().primary(), crop: p.string() },
});
const Fence = defineEntity({
  name: 'Fence',
  properties: {
    plot: () => p.manyToOne(Plot).primary(),
    side: p.string().primary(),
    height: p.integer(),
    neighbor: () => p.manyToOne(Plot).nullable(),
  },
});
const Gate = defineEntity({
  name: 'Gate',
  properties: { id: p.integer().primary(), fence: () => p.manyToOne(Fence).deleteRule('cascade') },
});
const compositeKeys: Mapping = {
  title: 'a key that refers to a composite key, and a reference to both',
  entities: [Plot, Fence, Gate],
  create(em) {
    const plot = em.create(Plot, { row: 1, column: 'a', crop: 'rye' });
    em.create(Plot, { row: 1, column: 'b', crop: 'oats' });
    const fence = em.create(Fence, { plot, side: 'north', height: 1 });
    em.create(Gate, { id: 1, fence });
  },
  updates: [
    async (em) => {
      const fence = await em.findOneOrFail(Fence, [[1, 'a'], 'north'] as never);
      fence.height = 2;
      fence.neighbor = em.getReference(Plot, [1, 'b']) as never;
      em.create(Fence, { plot: em.getReference(Plot, [1, 'b']), side: 'south', height: 1 });
      em.create(Gate, { id: 2, fence });
    },
    async (em) => {
      (await em.findOneOrFail(Gate, 1)).fence = em.getReference(Fence, [[1, 'b'], 'south'] as never);
    },
  ],
  async remove(em) {
    em.remove(await em.findAll(Fence));
  },
};

const Person = defineEntity({ name: 'Person', properties: { id: p.integer().primary(), name: p.string() } });
const Passport = defineEntity({
  name: 'Passport',
  properties: { person: () => p.oneToOne(Person).primary().owner(), number: p.string() },
});
const Visa = defineEntity({
  name: 'Visa',
  properties: { id: p.integer().primary(), passport: () => p.manyToOne(Passport) },
});
const derivedKey: Mapping = {
  title: 'a key that is a one-to-one reference',
  entities: [Person, Passport, Visa],
  create(em) {
    const person = em.create(Person, { id: 1, name: 'a' });
    em.create(Visa, { id: 1, passport: em.create(Passport, { person, number: 'x' }) });
  },
  updates: [
    async (em) => {
      (await em.findOneOrFail(Passport, 1 as never)).number = 'y';
      em.create(Passport, { person: em.create(Person, { id: 2, name: 'b' }), number: 'z' });
    },
    async (em) => {
      (await em.findOneOrFail(Visa, 1)).passport = em.getReference(Passport, 2 as never);
    },
  ],
  async remove(em) {
    em.remove(await em.findAll(Visa));
    em.remove(await em.findAll(Passport));
  },
};

const Author = defineEntity({
  name: 'Author',
  properties: { id: p.integer().primary(), slug: p.string().unique(), name: p.string() },
});
const Book = defineEntity({
  name: 'Book',
  properties: {
    id: p.integer().primary(),
    author: () =>
      p.manyToOne(Author).targetKey('slug').nullable().updateRule('cascade').deleteRule('set null'),
  },
});
const targetKey: Mapping = {
  title: 'a reference to something else than the key',
  entities: [Author, Book],
  create(em) {
    const author = em.create(Author, { id: 1, slug: 'one', name: 'a' });
    em.create(Author, { id: 2, slug: 'two', name: 'b' });
    em.create(Book, { id: 1, author });
    em.create(Book, { id: 2, author });
  },
  updates: [
    async (em) => {
      (await em.findOneOrFail(Book, 1, { populate: ['author'] })).author = await em.findOneOrFail(Author, 2);
    },
    async (em) => {
      (await em.findOneOrFail(Author, 2)).name = 'c';
    },
    async (em) => {
      (await em.findOneOrFail(Author, 1)).slug = 'uno';
    },
    async (em) => {
      em.getReference(Author, 2).slug = 'due';
    },
  ],
  async remove(em) {
    em.remove(await em.findOneOrFail(Author, 1));
  },
};

const Node = defineEntity({
  name: 'Node',
  properties: {
    id: p.uuid().primary(),
    parent: () => p.manyToOne(Node).nullable().mapToPk(),
    twin: () => p.oneToOne(Node).owner().nullable().mapToPk(),
  },
});
const [FIRST, SECOND] = ['00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-00000000000b'];
const plainKeys: Mapping = {
  title: 'keys in the place of entities',
  entities: [Node],
  create(em) {
    em.create(Node, { id: FIRST as string });
  },
  updates: [
    (em) => em.create(Node, { id: SECOND as string, parent: FIRST as never, twin: FIRST as never }),
    async (em) => {
      Object.assign(await em.findOneOrFail(Node, SECOND as never), { parent: SECOND, twin: null });
    },
  ],
  async remove(em) {
    em.remove(await em.findAll(Node));
  },
};

export const keyMappings: readonly Mapping[] = [compositeKeys, derivedKey, targetKey, plainKeys];
