import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Actor, type ActorSource, type Revision, systemActor } from 'nestjs-mikro-audit';
import request from 'supertest';
import { orderEntities, Tag } from '../../support/fixtures/orders.js';
import { ordersOracle } from '../../support/fixtures/orders.oracle.js';
import { httpPlatforms } from '../../support/http-platforms.js';
import { revisionCount } from '../../support/trail.js';
import { useAuditedApp } from '../../support/use-audited-app.js';
import { TagModule, type UserRequest } from './tag.module.js';

describe.each(httpPlatforms)('on %s', (_platform, adapter) => {
  const resolved: ActorSource[] = [];
  let answer: ((source: ActorSource) => Actor | null | Promise<Actor | null>) | undefined;
  const audited = useAuditedApp({
    entities: orderEntities,
    oracle: ordersOracle,
    adapter: adapter(),
    imports: [TagModule],
    options: {
      resolveActor: (source) => {
        resolved.push(source);
        const user = (source.request as UserRequest | undefined)?.user;
        return answer ? answer(source) : user ? { type: 'user', id: user.id, label: user.name } : null;
      },
    },
  });

  beforeAll(async () => {
    await audited.app.listen(0, '127.0.0.1');
  });

  beforeEach(async () => {
    resolved.length = 0;
    answer = undefined;
  });

  function send(method: 'get' | 'post', path: string, headers: Record<string, string> = {}) {
    return request(audited.app.getHttpServer() as never)
      [method](path)
      .set(headers);
  }

  /** The revision of the create of a tag. */
  async function revisionOf(name: string): Promise<Revision | undefined> {
    const tag = await audited.orm.em.fork().findOneOrFail(Tag, { name });
    const { items } = await audited.reader.history(Tag, tag.id, { details: true });
    return items[0]?.revision;
  }

  describe('a change made in an HTTP request', () => {
    it('has actor, correlation id and where it came from', async () => {
      await send('post', '/tags/x', {
        'x-user': 'anna',
        'x-request-id': 'req-1',
        'user-agent': 'test',
      }).expect(204);
      expect(await revisionOf('x')).toMatchObject({
        actor: { type: 'user', id: 'anna', label: 'name of anna' },
        onBehalfOf: null,
        action: null,
        reason: null,
        correlationId: 'req-1',
        origin: {
          source: 'http',
          ip: '127.0.0.1',
          userAgent: 'test',
          method: 'POST',
          route: '/tags/:name',
          handler: 'TagController.create',
        },
        metadata: null,
      });
    });

    it('has the explicit unknown actor when no user is known', async () => {
      await send('post', '/tags/x').expect(204);
      const revision = await revisionOf('x');
      expect(revision?.actor).toEqual({ type: 'unknown', id: null, label: null });
      expect(revision?.correlationId).toMatch(/^[\da-f-]{36}$/);
    });

    it('has another correlation id than every other request that gives none', async () => {
      await send('post', '/tags/x').expect(204);
      await send('post', '/tags/y').expect(204);
      expect((await revisionOf('x'))?.correlationId).not.toBe((await revisionOf('y'))?.correlationId);
    });

    it('takes no user agent or id that could break the trail', async () => {
      await send('post', '/tags/x', {
        'user-agent': `\u00a0\u0085 ${'x'.repeat(5000)}`,
        'x-request-id': `${'x'.repeat(500)}`,
      }).expect(204);
      const revision = await revisionOf('x');
      expect(revision?.origin?.userAgent?.length).toBe(512);
      expect(revision?.origin?.userAgent).not.toMatch(/\p{Cc}/u);
      expect(revision?.correlationId).toMatch(/^[\da-f-]{36}$/);
    });

    it('has a context when a guard makes it, before the user is known', async () => {
      await send('post', '/tags/x', {
        'x-user': 'anna',
        'x-guard-writes': 'early',
        'x-request-id': 'r',
      }).expect(204);
      const early = await revisionOf('early');
      expect(early).toMatchObject({
        actor: { type: 'unknown' },
        correlationId: 'r',
        origin: { source: 'http' },
      });
      expect(early?.origin).toMatchObject({ route: '/tags/:name', handler: 'TagController.create' });
      expect((await revisionOf('x'))?.actor).toMatchObject({ id: 'anna' });
    });

    it('may be made as somebody else, within AuditContext.run', async () => {
      await send('post', '/tags/x/as-job', { 'x-user': 'anna', 'x-request-id': 'r' }).expect(204);
      expect(await revisionOf('x by the job')).toMatchObject({
        actor: { type: 'system', id: 'job' },
        reason: 'nightly',
        action: 'tag.import',
        correlationId: 'r',
        onBehalfOf: null,
        origin: { route: '/tags/:name/as-job' },
      });
      expect(await revisionOf('x')).toMatchObject({
        actor: { id: 'anna' },
        reason: null,
        action: null,
        onBehalfOf: { type: 'user', id: 'boss', label: null },
        metadata: { ticket: 7 },
      });
    });

    it('never has the actor of a parallel request', async () => {
      const users = Array.from({ length: 40 }, (_, index) => `u${index}`);
      await Promise.all(
        users.map((user) =>
          send('post', `/tags/${user}?times=3`, { 'x-user': user, 'x-request-id': user }).expect(204),
        ),
      );
      for (const user of users) {
        for (const name of [user, `${user} 2`, `${user} 3`]) {
          expect(await revisionOf(name)).toMatchObject({ actor: { id: user }, correlationId: user });
        }
      }
    });
  });

  describe('the actor resolver', () => {
    it('is called once per request, with the request, however much is written', async () => {
      await send('post', '/tags/x?times=3', { 'x-user': 'anna' }).expect(204);
      expect(resolved).toHaveLength(1);
      expect(resolved[0]?.request).toMatchObject({ method: 'POST', user: { id: 'anna' } });
      expect(await revisionCount(audited)).toBe(3);
    });

    it('is never called by a request that only reads', async () => {
      const { body } = await send('get', '/tags/x', { 'x-user': 'anna', 'x-request-id': 'r' }).expect(200);
      expect(body).toEqual({ request: 'r' });
      expect(resolved).toEqual([]);
    });

    it('may be asynchronous, and then writes wait for it', async () => {
      answer = async () => {
        await new Promise((resolve) => setImmediate(resolve));
        return { type: 'service', id: 'slow', label: null };
      };
      await send('post', '/tags/x').expect(204);
      expect((await revisionOf('x'))?.actor).toEqual({ type: 'service', id: 'slow', label: null });
    });

    it('is asked again after it has answered null', async () => {
      // By the trail, not by a count of calls: how often one flush asks is not the point.
      answer = async () =>
        (await revisionCount(audited)) === 0 ? null : { type: 'user', id: 'late', label: null };
      await send('post', '/tags/x?times=2').expect(204);
      expect((await revisionOf('x'))?.actor.type).toBe('unknown');
      expect((await revisionOf('x 2'))?.actor.id).toBe('late');
    });

    it('that fails stops the write before any statement', async () => {
      answer = () => {
        throw new Error('directory is down');
      };
      await send('post', '/tags/x').expect(500);
      expect(audited.statements.take()).toEqual([]);
      expect(await revisionCount(audited)).toBe(0);
    });

    it('that fails does not stop a read, nor a write with a given actor', async () => {
      answer = () => {
        throw new Error('directory is down');
      };
      await send('get', '/tags/x').expect(200);
      const em = audited.orm.em.fork();
      await audited.context.run({ actor: systemActor('job') }, () => {
        em.create(Tag, { name: 'x' });
        return em.flush();
      });
      expect((await revisionOf('x'))?.actor.id).toBe('job');
    });

    it('may itself read from the database', async () => {
      answer = async () => {
        const tags = await audited.orm.em.fork().count(Tag);
        return { type: 'service', id: `${tags} tags`, label: null };
      };
      await send('post', '/tags/x').expect(204);
      expect((await revisionOf('x'))?.actor.id).toBe('0 tags');
    });
  });
});
