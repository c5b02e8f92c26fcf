import { describe, expect, it } from '@jest/globals';
import { defineEntity, p } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { auditPolicy } from 'nestjs-mikro-audit';
import { useAuditedApp } from '../../support/use-audited-app.js';

/** Tags that are gone are not loaded, as with most soft deletes. */
const Tag = defineEntity({
  name: 'Tag',
  filters: { alive: { name: 'alive', cond: { isGone: false }, default: true } },
  properties: {
    id: p.integer().primary(),
    isGone: p.boolean(),
    books: () => p.manyToMany(Book).mappedBy('tags'),
  },
});
const Book = defineEntity({
  name: 'Book',
  filters: { shown: { name: 'shown', cond: { isHidden: false }, default: true } },
  properties: {
    id: p.integer().primary(),
    isHidden: p.boolean(),
    tags: () => p.manyToMany(Tag).inversedBy('books'),
    topic: () => p.manyToOne(Tag).nullable(),
  },
});
const entities = [Tag, Book];
const app = useAuditedApp({
  entities,
  options: { policies: entities.map((entity) => auditPolicy(entity as never)) },
});

/** Book 2 is hidden, tag 2 is gone, each book has tags 1, 2 and 3; the topic of book 1 is tag 2, that of book 2 is tag 1. */
async function write(): Promise<void> {
  const em = app.orm.em.fork();
  const tags = [1, 2, 3].map((id) => em.create(Tag, { id, isGone: id === 2 }));
  for (const id of [1, 2]) {
    em.create(Book, { id, isHidden: id === 2, tags, topic: tags[2 - id] ?? null });
  }
  await em.flush();
}

const WAYS: readonly (readonly [string, (em: EntityManager) => Promise<object>])[] = [
  ['filters leave members out', (em) => em.findOneOrFail(Book, 1, { populate: ['tags'] })],
  ['filters leave owners out', (em) => em.findOneOrFail(Tag, 1, { populate: ['books'] })],
  [
    'a condition leaves members out',
    (em) => em.findOneOrFail(Book, 1, { populate: ['tags'], populateWhere: { tags: { id: 1 } } }),
  ],
  [
    'it is loaded by itself with a condition',
    async (em) => {
      const book = await em.findOneOrFail(Book, 1);
      await book.tags.init({ where: { id: 1 } });
      return book;
    },
  ],
  [
    'some members are stored in it',
    async (em) => {
      const book = await em.findOneOrFail(Book, 1);
      await book.tags.matching({ limit: 1, store: true });
      return book;
    },
  ],
];

describe('an entity with a collection that is loaded in part', () => {
  it.each(WAYS)('is deleted with all of its links, where %s', async (_way, find) => {
    await write();
    const em = app.em as EntityManager;
    em.remove(await find(em));
    await em.flush();
    const [removal] = (await app.reader.revisions({ limit: 1 })).items;
    await app.restorer.apply(await app.restorer.planUndo(removal?.id ?? ''));
    const links = await em.execute('select * from book_tags');
    expect(links).toHaveLength(6);
  });
});

describe('a reference that a query gives as null', () => {
  it.each([
    ['a filter', 1, {}],
    [
      'a condition',
      2,
      { populate: ['topic'], strategy: 'joined', populateFilter: { topic: { id: 9 } }, filters: false },
    ],
  ] as const)('because of %s is recorded as the row has it', async (_way, id, options) => {
    await write();
    const topicBefore = async (): Promise<unknown> =>
      (await app.reader.history(Book, id, { limit: 1 })).items[0]?.before?.topic;
    const em = app.orm.em.fork();
    const book = await em.findOneOrFail(Book, id, options as object);
    expect(book.topic ?? null).toBeNull();
    // A later query does not make up for it.
    await em.findOneOrFail(Book, id, { filters: false });
    book.topic = em.getReference(Tag, 3);
    await em.flush();
    expect(await topicBefore()).toBe(3 - id);
    await em.execute('update book set topic_id = ? where id = ?', [3 - id, id]);
    const other = app.orm.em.fork();
    other.remove(await other.findOneOrFail(Book, id, options as object));
    await other.flush();
    expect(await topicBefore()).toBe(3 - id);
    app.skipOracle();
  });
});
