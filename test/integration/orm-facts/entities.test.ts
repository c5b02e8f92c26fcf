import { describe, expect, it } from '@jest/globals';
import { defineEntity, p, type Ref, wrap } from '@mikro-orm/core';
import {
  entityIn,
  hasKey,
  isLetGo,
  isLoadAnnounced,
  isLoaded,
  managedValue,
  managerOf,
  mayLackReference,
  metaOf,
  snapshotOf,
  valueIn,
} from '../../../libs/audit/src/capture/orm/entity-facts.js';
import { propertiesOf } from '../../../libs/audit/src/policy/metadata-properties.js';
import { only, useFactsOrm } from './facts-orm.js';

const Author = defineEntity({
  name: 'Author',
  properties: { id: p.integer().primary(), name: p.text() },
});
const Book = defineEntity({
  name: 'Book',
  properties: {
    id: p.integer().primary(),
    title: p.text(),
    blurb: p.text().nullable().lazy(),
    author: () => p.manyToOne(Author).ref().nullable(),
    edition: p.integer().version(),
    shout: p.text().generated('(upper(title)) stored').nullable(),
  },
});

const facts = useFactsOrm([Author, Book]);

async function aBook(): Promise<number> {
  const own = facts.orm.em.fork();
  const author = own.create(Author, { name: 'Ann' });
  const book = own.create(Book, { title: 'one', blurb: 'long', author, edition: 1 });
  await own.flush();
  return book.id;
}

describe('entities', () => {
  it('a class has the metadata of its MikroORM instance', () => {
    const book = facts.em.create(Book, { title: 'new', edition: 1 }, { persist: false });
    expect(metaOf(book).class).toBe(facts.orm.getMetadata().get(Book).class);
  });

  it('MikroORM lets go of an entity that em.refresh() does not find, and of one that it has deleted', async () => {
    const [id, other] = [await aBook(), await aBook()];
    const lost = await facts.em.findOneOrFail(Book, id);
    const deleted = await facts.em.findOneOrFail(Book, other);
    expect([isLetGo(lost), isLetGo(facts.em.getReference(Author, 77))]).toEqual([false, false]);
    lost.id = 99;
    await facts.em.refresh(lost);
    expect(isLetGo(lost)).toBe(true);
    await facts.em.remove(deleted).flush();
    expect(isLetGo(deleted)).toBe(true);
  });

  it('an entity keeps the hints of all queries that have loaded it, and one that is joined has none', async () => {
    const id = await aBook();
    const { author } = propertiesOf(metaOf(await facts.em.findOneOrFail(Book, id)));
    const lacks = (book: object) => author && mayLackReference(book, author);
    const plain = facts.orm.em.fork();
    expect(lacks(await plain.findOneOrFail(Book, id))).toBe(false);
    const populated = facts.orm.em.fork();
    const book = await populated.findOneOrFail(Book, id, { populate: ['author'] });
    expect(await populated.findOneOrFail(Book, id, { refresh: true })).toBe(book);
    expect(lacks(book)).toBe(true);
    const unhinted = facts.orm.em.fork().map(Book, { id, title: 'one' });
    expect(lacks(unhinted)).toBe(true);
  });

  it('a reference is not loaded, an entity is, and so is a new one', async () => {
    const id = await aBook();
    const reference = facts.em.getReference(Book, id);
    expect(isLoaded(reference)).toBe(false);
    await wrap(reference).init();
    expect(isLoaded(reference)).toBe(true);
    expect(isLoaded(facts.em.create(Author, { name: 'new' }, { persist: false }))).toBe(true);
  });

  it('an update takes a reference for loaded', async () => {
    const reference = facts.em.getReference(Book, await aBook());
    reference.title = 'two';
    await facts.em.flush();
    expect(isLoaded(reference)).toBe(true);
    expect(snapshotOf(reference)).not.toHaveProperty('blurb');
  });

  it('a load is announced after the listeners were told, and several entities are known before the first', async () => {
    await Promise.all([aBook(), aBook()]);
    const seen = await facts.seen(
      'onLoad',
      ({ em, entity }) => ({
        announced: isLoadAnnounced(entity),
        waiting: [...em.getUnitOfWork(false).getIdentityMap().getStore(metaOf(entity)).values()].filter(
          (one) => isLoaded(one) && !isLoadAnnounced(one),
        ).length,
      }),
      () => facts.em.find(Author, {}, { limit: 2 }),
    );
    expect(seen).toEqual([
      { announced: false, waiting: 2 },
      { announced: false, waiting: 1 },
    ]);
    const authors = await facts.em.find(Author, {}, { limit: 2 });
    expect(authors.map(isLoadAnnounced)).toEqual([true, true]);
  });

  it('a load tells of merged entities too, when the next load is announced', async () => {
    const id = await aBook();
    const merged = facts.em.merge(Author, { id: 77, name: 'claimed' });
    const seen = await facts.seen(
      'onLoad',
      ({ entity }) => entity,
      () => facts.em.findOneOrFail(Book, id),
    );
    expect(seen).toContain(merged);
  });

  it('an entity that is created is told of by no load', async () => {
    const author = facts.em.create(Author, { name: 'new' });
    const seen = await facts.seen(
      'onLoad',
      ({ entity }) => entity,
      async () => {
        await facts.em.flush();
        await facts.em.find(Author, { id: author.id });
      },
    );
    expect(seen).not.toContain(author);
    expect(isLoadAnnounced(author)).toBe(false);
  });

  it('an EntityManager has what it loaded, and what it made once that is stored', async () => {
    const book = await facts.em.findOneOrFail(Book, await aBook());
    expect(managerOf(book)).toBe(facts.em);
    const author = facts.em.create(Author, { name: 'new' }, { persist: false });
    expect(managerOf(author)).toBeUndefined();
    await facts.em.persist(author).flush();
    expect(managerOf(author)).toBe(facts.em);
  });

  it('a new entity has a key once it was inserted', async () => {
    const author = facts.em.create(Author, { name: 'new' });
    expect(hasKey(author)).toBe(false);
    await facts.em.flush();
    expect(hasKey(author)).toBe(true);
  });

  it('a value of a relation is a wrapper, and the entity is behind it', async () => {
    const book = await facts.em.findOneOrFail(Book, await aBook());
    const value = valueIn(book, 'author');
    const author = (book.author as Ref<object>).unwrap();
    expect(value).not.toBe(author);
    expect(entityIn(value)).toBe(author);
    expect(entityIn(author)).toBe(author);
    expect([null, 1, 'text', new Date(), { id: 1 }].map(entityIn)).toEqual(Array(5).fill(undefined));
  });

  it('generated values and lock versions are missing in the snapshot after a flush, and the entity has them', async () => {
    const book = await facts.em.findOneOrFail(Book, await aBook());
    book.title = 'two';
    await facts.em.flush();
    const managed = [metaOf(book).properties.edition, metaOf(book).properties.shout];
    expect(managed.map((prop) => prop && managedValue(book, prop))).toEqual([2, 'TWO']);
    expect(snapshotOf(book)).not.toHaveProperty('edition');
  });

  it('an entity of which a generated value is unknown has none', () => {
    const reference = facts.em.getReference(Book, 1);
    const prop = metaOf(reference).properties.shout;
    expect(prop && managedValue(reference, prop)).toBeUndefined();
  });

  it('the events of a flush have the unit of work that the EntityManager has', async () => {
    facts.em.create(Author, { name: 'new' });
    const seen = await facts.seen(
      'onFlush',
      ({ uow }) => uow,
      () => facts.em.flush(),
    );
    expect(only(seen)).toBe(facts.em.getUnitOfWork(false));
  });
});
