import { describe, expect, it } from '@jest/globals';
import { defineEntity, p } from '@mikro-orm/core';
import {
  collectionOf,
  type DirtyCollection,
  dirtyCollections,
  linksOf,
} from '../../../libs/audit/src/capture/orm/collection-facts.js';
import { only, useFactsOrm } from './facts-orm.js';

const Tag = defineEntity({
  name: 'Tag',
  properties: {
    id: p.integer().primary(),
    name: p.text(),
    posts: () => p.manyToMany(Post).mappedBy('tags'),
  },
});
const Post = defineEntity({
  name: 'Post',
  properties: {
    id: p.integer().primary(),
    title: p.text(),
    tags: () => p.manyToMany(Tag).inversedBy('posts').owner(),
    related: () => p.manyToMany(Post).owner(),
  },
});

const facts = useFactsOrm([Tag, Post]);

async function aPost(...names: readonly string[]) {
  const own = facts.orm.em.fork();
  const post = own.create(Post, { title: 'one' });
  const tags = names.map((name) => own.create(Tag, { name }));
  post.tags.set(tags);
  await own.flush();
  return { id: post.id, tags: tags.map(({ id }) => id) };
}

/** The dirty collections of a flush of the test's EntityManager, as they are before its statements. */
async function dirty(): Promise<readonly DirtyCollection[]> {
  const seen = await facts.seen(
    'onFlush',
    ({ uow, em }) => dirtyCollections(uow, em),
    () => facts.em.flush(),
  );
  return only(seen);
}

describe('many-to-many collections', () => {
  it('a loaded one has the members before in its snapshot, until its statements have run', async () => {
    const { id, tags } = await aPost('a', 'b');
    const post = await facts.em.findOneOrFail(Post, id, { populate: ['tags'] });
    const [removed, kept] = post.tags.getItems();
    post.tags.remove(removed as object as never);
    const seen = only(await dirty());
    expect(seen).toMatchObject({ isLoaded: true, isOwnerNew: false, attached: [] });
    expect([seen.snapshot, seen.items]).toEqual([[removed, kept], [kept]]);
    expect(linksOf(seen, seen.snapshot ?? [])).toEqual(
      tags.map((tag) => ({ ownerId: String(id), targetId: String(tag) })),
    );
    expect(post.tags.getSnapshot()).toEqual([kept]);
  });

  it('an addition to one that is not loaded leaves an empty snapshot', async () => {
    const { id } = await aPost('a');
    const { tags } = await aPost('b');
    const post = await facts.em.findOneOrFail(Post, id);
    post.tags.add(facts.em.getReference(Tag, tags[0] ?? 0));
    expect(only(await dirty())).toMatchObject({ isLoaded: false, snapshot: [], items: [{ id: tags[0] }] });
    expect(await facts.em.fork().count(Tag, { posts: id })).toBe(2);
  });

  it('one that is replaced without having been loaded has no snapshot, and everything else goes', async () => {
    const { id } = await aPost('a');
    const { tags } = await aPost('b');
    const post = await facts.em.findOneOrFail(Post, id);
    post.tags.set([facts.em.getReference(Tag, tags[0] ?? 0)]);
    expect(only(await dirty())).toMatchObject({ snapshot: undefined, items: [{ id: tags[0] }] });
    expect((await facts.em.fork().find(Tag, { posts: id })).map((tag) => tag.id)).toEqual(tags);
  });

  it('both sides are dirty when one of them is changed and both are loaded', async () => {
    const { id, tags } = await aPost('a');
    const post = await facts.em.findOneOrFail(Post, id, { populate: ['tags.posts'] });
    const tag = await facts.em.findOneOrFail(Tag, tags[0] ?? 0);
    tag.posts.removeAll();
    const seen = await dirty();
    expect(seen.map(({ owner }) => owner)).toEqual(expect.arrayContaining([tag]));
    expect(post.tags.getItems()).toEqual([]);
    expect(new Set(seen.map(({ owning }) => owning.name))).toEqual(new Set(['tags']));
    const links = seen.flatMap((one) => linksOf(one, one.snapshot ?? []));
    expect(new Set(links.map((link) => JSON.stringify(link)))).toEqual(
      new Set([JSON.stringify({ ownerId: String(id), targetId: String(tags[0]) })]),
    );
  });

  it('one that is set to the members that it has is dirty, and its snapshot says the same', async () => {
    const { id } = await aPost('a');
    const post = await facts.em.findOneOrFail(Post, id, { populate: ['tags'] });
    post.tags.set([...post.tags]);
    const seen = await dirty();
    expect(seen.map(({ snapshot, items }) => [snapshot, items])).toEqual(
      seen.length === 0 ? [] : [[post.tags.getItems(), post.tags.getItems()]],
    );
  });

  it('of new entities that refer to each other one waits among the extra updates', async () => {
    const [one, other] = [facts.em.create(Post, { title: 'x' }), facts.em.create(Post, { title: 'y' })];
    one.related.add(other);
    other.related.add(one);
    const seen = await facts.seen(
      'onFlush',
      ({ uow, em }) => ({
        listed: uow.getCollectionUpdates().map(({ owner }) => owner),
        waiting: [...uow.getExtraUpdates()].map(([owner]) => owner),
        dirty: dirtyCollections(uow, em).map(({ owner, isOwnerNew, items }) => ({
          owner,
          isOwnerNew,
          items,
        })),
      }),
      () => facts.em.flush(),
    );
    const { listed, waiting, dirty: found } = only(seen);
    expect(waiting.length).toBeGreaterThan(0);
    expect(listed).not.toContain(waiting[0]);
    expect(found).toHaveLength(2);
    expect(found).toEqual(
      expect.arrayContaining([
        { owner: one, isOwnerNew: true, items: [other] },
        { owner: other, isOwnerNew: true, items: [one] },
      ]),
    );
    expect(await facts.em.fork().count(Post, { related: [one.id, other.id] })).toBe(2);
  });

  it('a change of links alone has no change set, and opens a transaction', async () => {
    const { id } = await aPost('a');
    const post = await facts.em.findOneOrFail(Post, id, { populate: ['tags'] });
    post.tags.removeAll();
    const seen = await facts.seen(
      'beforeTransactionCommit',
      ({ uow }) => uow.getChangeSets().length,
      () => facts.em.flush(),
    );
    expect(seen).toEqual([0]);
  });

  it('the links of a deleted entity go without a collection being dirty', async () => {
    const { id } = await aPost('a');
    facts.em.remove(await facts.em.findOneOrFail(Post, id, { populate: ['tags'] }));
    expect(await dirty()).toEqual([]);
    expect(await facts.em.fork().count(Tag, { posts: id })).toBe(0);
  });

  it('a property of another kind is none', async () => {
    const { id } = await aPost('a');
    const post = await facts.em.findOneOrFail(Post, id);
    expect(collectionOf(post, 'tags')).toBe(post.tags);
    expect([collectionOf(post, 'title'), collectionOf(post, 'nothing')]).toEqual([undefined, undefined]);
  });
});
