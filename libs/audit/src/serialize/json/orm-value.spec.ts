import { describe, expect, it } from '@jest/globals';
import { Collection, defineEntity, MikroORM, p, raw, ref } from '@mikro-orm/postgresql';
import { DEFAULT_VALUE_LIMITS, encodeValue } from './value-codec.js';

const Country = defineEntity({ name: 'Country', properties: { code: p.string().primary() } });
const Address = defineEntity({ name: 'Address', embeddable: true, properties: { city: p.string() } });
const Author = defineEntity({
  name: 'Author',
  properties: {
    id: p.bigint().primary(),
    name: p.string(),
    bio: p.text().lazy().ref(),
    address: () => p.embedded(Address),
    books: () => p.oneToMany(Book).mappedBy('author'),
  },
});
const Book = defineEntity({
  name: 'Book',
  properties: {
    country: () => p.manyToOne(Country).primary(),
    number: p.integer().primary(),
    author: () => p.manyToOne(Author).ref(),
  },
});

// Never connected: a query would fail, and would show as `$error`.
function fork() {
  const entities = [Country, Address, Author, Book];
  return new MikroORM({ entities, dbName: 'none', host: '127.0.0.1', port: 1, debug: false }).em.fork();
}

const encode = (value: unknown) => encodeValue(value, DEFAULT_VALUE_LIMITS);

describe('encodeValue of MikroORM objects', () => {
  const em = fork();
  const author = em.getReference(Author, 7n);
  const book = em.create(
    Book,
    { country: em.getReference(Country, 'DE'), number: 3, author },
    { persist: false },
  );
  const link = { $entity: { class: 'Author', key: { $bigint: '7' } } };

  it('takes only the primary key of an entity, loaded or not', () => {
    expect(encode({ author })).toEqual({ author: link });
    expect(encode(book)).toEqual({ $entity: { class: 'Book', key: { country: 'DE', number: 3 } } });
    expect(encode(em.create(Author, {} as never, { persist: false }))).toEqual({
      $entity: { class: 'Author', key: null },
    });
  });

  it('takes only the primary key of a reference', () => {
    expect(encode([ref(author), book.author])).toEqual([link, link]);
  });

  it('does not load a collection', () => {
    expect(encode(new Collection(author, undefined, false))).toEqual({ $collection: null });
    const loaded = em.create(Author, { id: 8n, books: [] } as never, { persist: false });
    loaded.books.add(book);
    expect(encode(loaded.books)).toEqual({
      $collection: [{ $entity: { class: 'Book', key: { country: 'DE', number: 3 } } }],
    });
  });

  it('takes the value of a lazy scalar only when it is loaded', () => {
    const created = em.create(Author, { id: 9n, bio: 'long' } as never, { persist: false });
    expect(encode(created.bio)).toBe('long');
    expect(encode(author.bio ?? null)).toBeNull();
  });

  it('takes an embeddable as its data and raw SQL as unknown', () => {
    const created = em.create(Author, { id: 10n, address: { city: 'Ulm' } } as never, { persist: false });
    expect(encode([created.address, raw('now()')])).toEqual([{ city: 'Ulm' }, { $unsupported: 'raw SQL' }]);
  });
});
