import { defineEntity, p } from '@mikro-orm/core';
import type { Mapping } from './mapping.js';

const Post = defineEntity({ name: 'Post', properties: { id: p.integer().primary(), title: p.string() } });
const Comment = defineEntity({
  name: 'Comment',
  properties: { id: p.integer().primary(), text: p.string() },
});
const Like = defineEntity({
  name: 'Like',
  properties: {
    id: p.integer().primary(),
    target: () => p.manyToOne([Post, Comment]),
    stars: p.integer().default(1),
  },
});
const polymorphic: Mapping = {
  title: 'a reference to entities of several classes',
  entities: [Post, Comment, Like],
  create(em) {
    const [post, comment] = [
      em.create(Post, { id: 1, title: 'a' }),
      em.create(Comment, { id: 1, text: 'b' }),
    ];
    em.create(Like, { id: 1, target: post });
    em.create(Like, { id: 2, target: comment });
    em.create(Like, { id: 3, target: post });
  },
  updates: [
    async (em) => {
      (await em.findOneOrFail(Like, 1)).target = await em.findOneOrFail(Comment, 1);
    },
    async (em) => {
      const [post, comment] = [await em.findOneOrFail(Post, 1), await em.findOneOrFail(Comment, 1)];
      for (const like of await em.find(Like, {}, { orderBy: { id: 1 } })) {
        like.target = like.id === 2 ? post : comment;
        like.stars = 5;
      }
    },
  ],
  async remove(em) {
    const post = await em.findOneOrFail(Post, 1);
    em.remove(await em.findAll(Like));
    em.remove(post);
  },
};

const Folder = defineEntity({
  name: 'Folder',
  properties: {
    id: p.integer().primary(),
    parent: () => p.manyToOne(Folder).nullable().inversedBy('children'),
    children: () => p.oneToMany(Folder).mappedBy('parent'),
    files: () => p.oneToMany(File).mappedBy('folder').orphanRemoval(),
    cover: () => p.oneToOne(Cover).mappedBy('folder').orphanRemoval().nullable(),
  },
});
const File = defineEntity({
  name: 'File',
  properties: { id: p.integer().primary(), name: p.string(), folder: () => p.manyToOne(Folder) },
});
const Cover = defineEntity({
  name: 'Cover',
  properties: { id: p.integer().primary(), folder: () => p.oneToOne(Folder).inversedBy('cover').owner() },
});
const owned: Mapping = {
  title: 'a tree that owns others, and removes its orphans',
  entities: [Folder, File, Cover],
  create(em) {
    const folder = em.create(Folder, { id: 1, parent: em.create(Folder, { id: 2 }) });
    for (const id of [1, 2, 3]) {
      em.create(File, { id, name: `f${id}`, folder });
    }
    em.create(Cover, { id: 1, folder });
  },
  updates: [
    async (em) => {
      const folder = await em.findOneOrFail(Folder, 1, { populate: ['files', 'cover'] });
      folder.files.remove(folder.files.getItems().slice(0, 1));
      folder.cover = null;
      folder.parent = null;
    },
    async (em) => {
      const folder = await em.findOneOrFail(Folder, 2);
      folder.children.set([em.getReference(Folder, 1)]);
    },
    async (em) => {
      (await em.findOneOrFail(Folder, 1)).files.removeAll();
    },
  ],
  async remove(em) {
    em.remove(await em.findOneOrFail(Folder, 1, { populate: ['files'] }));
  },
};

const Track = defineEntity({ name: 'Track', properties: { id: p.integer().primary(), title: p.string() } });
const Album = defineEntity({
  name: 'Album',
  properties: {
    id: p.integer().primary(),
    tracks: () => p.manyToMany(Track).fixedOrder(),
    similar: () => p.manyToMany(Album),
    guests: () => p.manyToMany(Guest).pivotEntity(() => Appearance),
  },
});
const Guest = defineEntity({ name: 'Guest', properties: { id: p.integer().primary() } });
const Appearance = defineEntity({
  name: 'Appearance',
  properties: {
    album: () => p.manyToOne(Album).primary(),
    guest: () => p.manyToOne(Guest).primary(),
    role: p.string().default('singer'),
  },
});
const links: Mapping = {
  title: 'links: ordered, to the same class, and with a class of their own',
  unrestored: 'the rows of ordered links get other ids',
  entities: [Track, Album, Guest, Appearance],
  create(em) {
    const [one, other] = [em.create(Album, { id: 1 }), em.create(Album, { id: 2 })];
    one.tracks.set([1, 2, 3].map((id) => em.create(Track, { id, title: `t${id}` })));
    one.similar.add(other);
    one.guests.add([1, 2].map((id) => em.create(Guest, { id })));
  },
  updates: [
    async (em) => {
      const album = await em.findOneOrFail(Album, 1, { populate: ['tracks', 'similar', 'guests'] });
      album.tracks.set([3, 1].map((id) => em.getReference(Track, id)));
      album.similar.set([album]);
      album.guests.remove(em.getReference(Guest, 1));
    },
    async (em) => {
      (await em.findOneOrFail(Appearance, [1, 2] as never)).role = 'drummer';
      em.create(Appearance, { album: em.getReference(Album, 2), guest: em.getReference(Guest, 1) });
    },
    async (em) => {
      em.remove(await em.findOneOrFail(Track, 1));
    },
  ],
  async remove(em) {
    const album = await em.findOneOrFail(Album, 1);
    em.remove(await em.findAll(Appearance));
    em.remove(album);
  },
};

export const relationMappings: readonly Mapping[] = [polymorphic, owned, links];
