import { describe, expect, it } from '@jest/globals';
import { defineEntity, p } from '@mikro-orm/core';
import {
  type DirtyCollection,
  dirtyCollections,
} from '../../../libs/audit/src/capture/orm/collection-facts.js';
import { only, useFactsOrm } from './facts-orm.js';

const Shelf = defineEntity({
  name: 'Shelf',
  properties: {
    id: p.integer().primary(),
    name: p.text(),
    jars: () => p.oneToMany(Jar).mappedBy('shelf'),
    lids: () => p.oneToMany(Lid).mappedBy('shelf').cascade(),
    hooks: () => p.oneToMany(Hook).mappedBy('shelf').orphanRemoval(),
  },
});
const Jar = defineEntity({
  name: 'Jar',
  properties: { id: p.integer().primary(), name: p.text(), shelf: () => p.manyToOne(Shelf).nullable() },
});
const Lid = defineEntity({
  name: 'Lid',
  properties: { id: p.integer().primary(), shelf: () => p.manyToOne(Shelf).nullable() },
});
const Hook = defineEntity({
  name: 'Hook',
  properties: { id: p.integer().primary(), shelf: () => p.manyToOne(Shelf).nullable() },
});

const facts = useFactsOrm([Shelf, Jar, Lid, Hook]);

async function aShelf(jars: number) {
  const own = facts.orm.em.fork();
  const shelf = own.create(Shelf, { name: 'one' });
  const all = Array.from({ length: jars }, () => own.create(Jar, { name: 'jar', shelf }));
  own.create(Hook, { shelf });
  await own.flush();
  return { id: shelf.id, jars: all.map(({ id }) => id) };
}

async function aJar(): Promise<number> {
  const own = facts.orm.em.fork();
  const jar = own.create(Jar, { name: 'loose' });
  await own.flush();
  return jar.id;
}

async function aLid(): Promise<number> {
  const own = facts.orm.em.fork();
  const lid = own.create(Lid, {});
  await own.flush();
  return lid.id;
}

/** The dirty collections and the entities with change sets, and then the statements. */
async function flushed(): Promise<{
  readonly dirty: readonly DirtyCollection[];
  readonly changed: readonly object[];
  readonly statements: readonly string[];
}> {
  facts.statements.take();
  const seen = await facts.seen(
    'onFlush',
    ({ uow, em }) => ({
      dirty: dirtyCollections(uow, em),
      changed: uow.getChangeSets().map(({ entity }) => entity),
    }),
    () => facts.em.flush(),
  );
  return { ...only(seen), statements: facts.statements.take().slice(1, -1) };
}

describe('one-to-many collections', () => {
  it('one that is replaced without having been loaded lets go of rows with a statement that no change set shows', async () => {
    const { id } = await aShelf(2);
    const shelf = await facts.em.findOneOrFail(Shelf, id);
    shelf.jars.removeAll();
    const { dirty, changed, statements } = await flushed();
    expect(only(dirty)).toMatchObject({ snapshot: undefined, items: [], attached: [] });
    expect(changed).toEqual([]);
    expect(statements).toEqual([expect.stringMatching(/^update "jar" set "shelf_id" = NULL/i)]);
  });

  it('one with orphan removal deletes rows with such a statement', async () => {
    const { id } = await aShelf(0);
    const shelf = await facts.em.findOneOrFail(Shelf, id);
    shelf.hooks.removeAll();
    const { dirty, changed, statements } = await flushed();
    expect(only(dirty).snapshot).toBeUndefined();
    expect(changed).toEqual([]);
    expect(statements).toEqual([expect.stringMatching(/^delete from "hook"/)]);
  });

  it('a loaded one changes the rows of loaded children by their change sets', async () => {
    const { id, jars } = await aShelf(2);
    const shelf = await facts.em.findOneOrFail(Shelf, id, { populate: ['jars'] });
    const loose = await facts.em.findOneOrFail(Jar, await aJar());
    shelf.jars.remove(only(shelf.jars.filter((jar) => jar.id === jars[0])));
    shelf.jars.add(loose);
    const { dirty, changed, statements } = await flushed();
    expect(dirty.flatMap(({ attached }) => attached)).toEqual([]);
    expect(changed).toHaveLength(2);
    expect(statements).toEqual([expect.stringMatching(/^update "jar" set "shelf_id" = case/)]);
  });

  it('an entity that is managed is attached by its change set, also when it is not loaded', async () => {
    const { id } = await aShelf(0);
    const shelf = await facts.em.findOneOrFail(Shelf, id, { populate: ['jars'] });
    const reference = facts.em.getReference(Jar, await aJar());
    shelf.jars.add(reference);
    const { dirty, changed } = await flushed();
    expect(dirty.flatMap(({ attached }) => attached)).toEqual([]);
    expect(changed).toEqual([reference]);
  });

  it('a child that is neither loaded nor managed is attached by a change set too, cascaded to or not', async () => {
    const { id } = await aShelf(0);
    const shelf = await facts.em.findOneOrFail(Shelf, id);
    const jar = facts.orm.em.fork().getReference(Jar, await aJar());
    const lid = facts.orm.em.fork().getReference(Lid, await aLid());
    shelf.jars.add(jar);
    shelf.lids.add(lid);
    const { dirty, changed, statements } = await flushed();
    expect(dirty.flatMap(({ attached }) => attached)).toEqual([]);
    expect([changed.includes(jar), changed.includes(lid)]).toEqual([true, true]);
    expect(statements).toHaveLength(2);
  });

  it('an entity that is deleted lets the database change rows that are not loaded, without a change set', async () => {
    const { id, jars } = await aShelf(1);
    await facts.em.nativeDelete(Hook, {});
    facts.em.remove(await facts.em.findOneOrFail(Shelf, id));
    const { changed, statements } = await flushed();
    expect(changed).toHaveLength(1);
    expect(statements).toEqual([expect.stringMatching(/^delete from "shelf"/)]);
    expect(await facts.em.fork().findOneOrFail(Jar, jars[0] ?? 0)).toMatchObject({ shelf: null });
  });
});
