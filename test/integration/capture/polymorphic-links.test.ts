import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Collection, type EntityManager } from '@mikro-orm/core';
import { Entity, ManyToMany, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Audited } from 'nestjs-mikro-audit';
import { type AuditedApp, createAuditedApp } from '../../support/audited-app.js';

@Audited()
@Entity()
class Tag {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'string' })
  name!: string;

  @ManyToMany({ entity: () => Post, mappedBy: 'tags' })
  posts = new Collection<Post>(this);

  @ManyToMany({ entity: () => Video, mappedBy: 'tags' })
  videos = new Collection<Video>(this);
}

@Audited()
@Entity()
class Post {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'string' })
  title!: string;

  /** The owners of several classes share the link table. */
  @ManyToMany({
    entity: () => Tag,
    pivotTable: 'taggables',
    discriminator: 'taggable',
    owner: true,
  })
  tags = new Collection<Tag>(this);

  /** The members are of several classes. */
  @ManyToMany({
    entity: () => [Picture, Video],
    pivotTable: 'post_attachments',
    discriminator: 'attachable',
    owner: true,
  })
  attachments = new Collection<Picture | Video>(this);
}

@Audited()
@Entity()
class Video {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'string' })
  url!: string;

  @ManyToMany({
    entity: () => Tag,
    pivotTable: 'taggables',
    discriminator: 'taggable',
    owner: true,
  })
  tags = new Collection<Tag>(this);
}

@Audited()
@Entity()
class Picture {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'string' })
  url!: string;
}

let app: AuditedApp;
let em: EntityManager;

beforeAll(async () => {
  app = await createAuditedApp({ entities: [Tag, Post, Video, Picture] });
});
beforeEach(async () => {
  await app.oracle.clear();
  em = app.orm.em.fork();
});
afterAll(() => app.close());

/** A post and a video of the same id with both tags. */
async function tagged() {
  const own = app.orm.em.fork();
  const tags = ['a', 'b'].map((name) => own.create(Tag, { name })) as [Tag, Tag];
  const post = own.create(Post, { title: 'p' });
  const video = own.create(Video, { url: 'v' });
  post.tags.add(...tags);
  video.tags.add(...tags);
  await own.flush();
  expect(post.id).toBe(video.id);
  await app.oracle.verify();
  return { tags, post, video };
}

describe('a link table that owners of several classes share', () => {
  it('changes by one owner, without loading, from either side', async () => {
    const { tags, post, video } = await tagged();
    const loaded = await em.findOneOrFail(Post, post.id);
    loaded.tags.set([em.getReference(Tag, tags[1].id)]);
    await em.flush();
    await app.oracle.verify();
    em.clear();
    const tag = await em.findOneOrFail(Tag, tags[0].id);
    tag.videos.removeAll();
    tag.posts.add(em.getReference(Post, post.id));
    await em.flush();
    await app.oracle.verify();
    em.clear();
    (await em.findOneOrFail(Video, video.id, { populate: ['tags'] })).tags.add(
      em.getReference(Tag, tags[0].id),
    );
    await em.flush();
    await app.oracle.verify();
  });

  it('keeps the links when a tag is deleted, because it has no foreign keys', async () => {
    const { tags } = await tagged();
    em.remove(em.getReference(Tag, tags[0].id));
    await em.flush();
    await app.oracle.verify();
  });

  it('keeps the links of an owner that is deleted', async () => {
    const { post } = await tagged();
    em.remove(await em.findOneOrFail(Post, post.id));
    await em.flush();
    await app.oracle.verify();
  });
});

async function attached() {
  const own = app.orm.em.fork();
  const picture = own.create(Picture, { url: 'i' });
  const video = own.create(Video, { url: 'v' });
  const post = own.create(Post, { title: 'p' });
  post.attachments.add(picture, video);
  await own.flush();
  expect(picture.id).toBe(video.id);
  await app.oracle.verify();
  return { picture, video, post };
}

describe('a relation whose members are of several classes', () => {
  it('tells members of the same id apart', async () => {
    const { post, picture, video } = await attached();
    const loaded = await em.findOneOrFail(Post, post.id, { populate: ['attachments'] });
    loaded.attachments.remove(em.getReference(Picture, picture.id));
    await em.flush();
    const { items } = await app.reader.history(Post, post.id, { limit: 1 });
    expect(items[0]?.before).toEqual({ attachments: [{ type: 'picture', id: picture.id }] });
    await app.oracle.verify();
    em.clear();
    const again = await em.findOneOrFail(Post, post.id);
    again.attachments.set([em.getReference(Picture, picture.id), em.getReference(Video, video.id)]);
    await em.flush();
    await app.oracle.verify();
  });

  it('keeps the links when a member is deleted', async () => {
    const { picture } = await attached();
    em.remove(em.getReference(Picture, picture.id));
    await em.flush();
    await app.oracle.verify();
  });

  it('keeps the links when the owner is deleted', async () => {
    const { post } = await attached();
    em.remove(em.getReference(Post, post.id));
    await em.flush();
    await app.oracle.verify();
  });
});
