import { describe, expect, it } from '@jest/globals';
import { defineEntity, p, wrap } from '@mikro-orm/core';
import { auditPolicy } from 'nestjs-mikro-audit';
import { useAuditedApp } from '../../support/use-audited-app.js';

const Book = defineEntity({
  name: 'Book',
  properties: { id: p.integer().primary(), title: p.string(), author: () => p.manyToOne(Author).ref() },
});
const Author = defineEntity({
  name: 'Author',
  properties: {
    id: p.integer().primary(),
    name: p.string(),
    books: () => p.oneToMany(Book).mappedBy('author'),
  },
});

describe('references that a query populates', () => {
  const audited = useAuditedApp({
    entities: [Book, Author],
    options: { policies: [auditPolicy(Book), auditPolicy(Author)] },
  });

  async function createBook(): Promise<void> {
    const { em } = audited;
    em.create(Book, { id: 1, title: 'old', author: em.create(Author, { id: 1, name: 'A' }) });
    await em.flush();
  }

  it.each(['select-in', 'joined'] as const)(
    'are references, which load later, and whose changes have values before: %s',
    async (strategy) => {
      await createBook();
      const em = audited.orm.em.fork();
      const author = await em.findOneOrFail(Author, 1, { populate: ['books:ref'], strategy });
      const [book] = author.books.getItems(false);
      expect(book && wrap(book).isInitialized()).toBe(false);
      await em.populate(author, ['books']);
      expect(book).toMatchObject({ title: 'old' });
      Object.assign(book ?? {}, { title: 'new' });
      audited.statements.take();
      await em.flush();
      expect(audited.statements.take().map((sql) => sql.split(' ', 1)[0])).toEqual([
        'begin',
        'update',
        'insert',
        'commit',
      ]);
      const [change] = (await audited.reader.history(Book, 1)).items;
      expect(change).toMatchObject({ before: { title: 'old' }, after: { title: 'new' } });
    },
  );

  it('have values before when they are changed without being loaded', async () => {
    await createBook();
    const em = audited.orm.em.fork();
    const author = await em.findOneOrFail(Author, 1, { populate: ['books:ref'], strategy: 'select-in' });
    Object.assign(author.books.getItems(false)[0] ?? {}, { title: 'new' });
    await em.flush();
    const [change] = (await audited.reader.history(Book, 1)).items;
    expect(change).toMatchObject({ before: { title: 'old' }, after: { title: 'new' } });
  });
});
