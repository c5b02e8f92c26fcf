import { describe, expect, it } from '@jest/globals';
import { Collection, EntitySchema } from '@mikro-orm/core';
import { auditPolicy } from 'nestjs-mikro-audit';
import { trailOf } from '../../support/trail.js';
import { useAuditedApp } from '../../support/use-audited-app.js';

class Author {
  id!: number;
  readonly books = new Collection<Book>(this);
}

class Book {
  id!: number;
  readonly tags = new Collection<Tag>(this);

  constructor(readonly author: Author) {}
}

class Tag {
  id!: number;
  readonly books = new Collection<Book>(this);

  constructor(readonly name: string) {}
}

const id = { type: 'integer', primary: true, autoincrement: true } as const;
const authorSchema = new EntitySchema({
  class: Author,
  properties: { id, books: { kind: '1:m', entity: () => Book, mappedBy: 'author' } },
});
const bookSchema = new EntitySchema({
  class: Book,
  properties: {
    id,
    author: { kind: 'm:1', entity: () => Author },
    tags: { kind: 'm:n', entity: () => Tag, inversedBy: 'books', cascade: [] },
  },
});
const tagSchema = new EntitySchema({
  class: Tag,
  properties: { id, name: { type: 'string' }, books: { kind: 'm:n', entity: () => Book, mappedBy: 'tags' } },
});

const app = useAuditedApp({
  entities: [authorSchema, bookSchema, tagSchema],
  options: { policies: [auditPolicy(Author), auditPolicy(Book), auditPolicy(Tag)] },
  oracle: { entities: [Author, Book, Tag] },
});

describe('a graph of new entities', () => {
  it('is recorded with its links, where the owning side of a relation does not cascade', async () => {
    const author = new Author();
    const [first, second] = [new Book(author), new Book(author)];
    const [one, two] = [new Tag('1'), new Tag('2')];
    first.tags.add(one);
    second.tags.add(one, two);
    author.books.add(first, second);
    await app.em.persist(author).flush();
    expect((await trailOf(app)).map(([type, , operation]) => `${operation} ${type}`).sort()).toEqual([
      'create Author',
      'create Book',
      'create Book',
      'create Tag',
      'create Tag',
    ]);
  });
});
