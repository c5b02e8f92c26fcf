import { describe, expect, it } from '@jest/globals';
import { Collection } from '@mikro-orm/core';
import { Entity, ManyToMany, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Audited } from 'nestjs-mikro-audit';
import { useAuditedApp } from '../../support/use-audited-app.js';

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

const app = useAuditedApp({ entities: [Tag, Post, Video, Picture] });

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
    const loaded = await app.em.findOneOrFail(Post, post.id);
    loaded.tags.set([app.em.getReference(Tag, tags[1].id)]);
    await app.em.flush();
    await app.oracle.verify();
    app.em.clear();
    const tag = await app.em.findOneOrFail(Tag, tags[0].id);
    tag.videos.removeAll();
    tag.posts.add(app.em.getReference(Post, post.id));
    await app.em.flush();
    await app.oracle.verify();
    app.em.clear();
    (await app.em.findOneOrFail(Video, video.id, { populate: ['tags'] })).tags.add(
      app.em.getReference(Tag, tags[0].id),
    );
    await app.em.flush();
  });

  it('keeps the links when a tag is deleted, because it has no foreign keys', async () => {
    const { tags } = await tagged();
    app.em.remove(app.em.getReference(Tag, tags[0].id));
    await app.em.flush();
  });

  it('keeps the links of an owner that is deleted', async () => {
    const { post } = await tagged();
    app.em.remove(await app.em.findOneOrFail(Post, post.id));
    await app.em.flush();
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
  it('keeps members with the same id apart', async () => {
    const { post, picture, video } = await attached();
    const loaded = await app.em.findOneOrFail(Post, post.id, { populate: ['attachments'] });
    loaded.attachments.remove(app.em.getReference(Picture, picture.id));
    await app.em.flush();
    const { items } = await app.reader.history(Post, post.id, { limit: 1 });
    expect(items[0]?.before).toEqual({ attachments: [{ type: 'picture', id: picture.id }] });
    await app.oracle.verify();
    app.em.clear();
    const again = await app.em.findOneOrFail(Post, post.id);
    again.attachments.set([app.em.getReference(Picture, picture.id), app.em.getReference(Video, video.id)]);
    await app.em.flush();
  });

  it('keeps the links when a member is deleted', async () => {
    const { picture } = await attached();
    app.em.remove(app.em.getReference(Picture, picture.id));
    await app.em.flush();
  });

  it('keeps the links when the owner is deleted', async () => {
    const { post } = await attached();
    app.em.remove(app.em.getReference(Post, post.id));
    await app.em.flush();
  });
});
