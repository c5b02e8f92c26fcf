import { describe, expect, it } from '@jest/globals';
import { defineEntity, p } from '@mikro-orm/core';
import { auditPolicy } from 'nestjs-mikro-audit';
import { useAuditedApp } from '../../support/use-audited-app.js';

const Post = defineEntity({ name: 'Post', properties: { id: p.integer().primary() } });
const Video = defineEntity({ name: 'Video', properties: { id: p.integer().primary() } });
const Like = defineEntity({
  name: 'Like',
  properties: { id: p.integer().primary(), target: () => p.manyToOne([Post, Video]).nullable() },
});

const app = useAuditedApp({
  entities: [Post, Video, Like],
  options: { policies: [Post, Video, Like].map((entity) => auditPolicy(entity as never, {})) },
});

describe('references to entities of several classes', () => {
  it.each([1, 2, 3])('are recorded with their class when %i of them change at once', async (count) => {
    const own = app.orm.em.fork();
    const post = own.create(Post, { id: 1 });
    own.create(Video, { id: 1 });
    for (let id = 1; id <= count; id++) {
      own.create(Like, { id, target: post });
    }
    await own.flush();
    const likes = await app.em.findAll(Like, { orderBy: { id: 1 } });
    for (const like of likes) {
      like.target = app.em.getReference(Video, 1);
    }
    await app.em.flush();
    for (const { id } of likes) {
      const [change] = (await app.reader.history(Like, id, { limit: 1 })).items;
      expect(change?.before).toEqual({ target: { type: 'post', id: 1 } });
      expect(change?.after).toEqual({ target: { type: 'video', id: 1 } });
    }
    for (const [i, like] of likes.entries()) {
      like.target = i === 0 ? null : app.em.getReference(Post, 1);
    }
    await app.em.flush();
  });
});
