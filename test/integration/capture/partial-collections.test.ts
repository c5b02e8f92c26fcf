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
  },
});
const entities = [Tag, Book];
const app = useAuditedApp({
  entities,
  options: { policies: entities.map((entity) => auditPolicy(entity as never)) },
});

/** Book 2 is hidden, tag 2 is gone, and each book has tags 1, 2 and 3. */
async function write(): Promise<void> {
  const em = app.orm.em.fork();
  const tags = [1, 2, 3].map((id) => em.create(Tag, { id, isGone: id === 2 }));
  for (const id of [1, 2]) {
    em.create(Book, { id, isHidden: id === 2, tags });
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
