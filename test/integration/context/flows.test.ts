import type { AddressInfo } from 'node:net';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Controller, Get, type INestApplication, UseGuards, VersioningType } from '@nestjs/common';
import { AuditContextInterceptor } from 'nestjs-mikro-audit';
import { orderEntities } from '../../support/fixtures/orders.js';
import { ordersOracle } from '../../support/fixtures/orders.oracle.js';
import { httpPlatforms } from '../../support/http-platforms.js';
import { CHANGES } from '../../support/trail.js';
import { useAuditedApp } from '../../support/use-audited-app.js';
import { FlowController } from './flow.controller.js';
import { LastSeenGuard, UserGuard } from './flow.guards.js';
import { FlowModule, IN_A_ROW } from './flow.module.js';
import { postAndLeave, postInPieces, readSlowly } from './flow-requests.js';

/** Under no prefix, and in a version. */
@Controller({ path: 'health', version: '2' })
@UseGuards(UserGuard, LastSeenGuard)
class HealthController {
  @Get()
  health(): string {
    return 'ok';
  }
}

const USERS = ['ann', 'bob', 'cleo', 'dora', 'emil'].slice(0, IN_A_ROW);

describe.each(httpPlatforms)('on %s', (_platform, adapter) => {
  const audited = useAuditedApp({
    entities: orderEntities,
    oracle: ordersOracle,
    poolMax: 2,
    adapter: adapter(),
    imports: [FlowModule],
    controllers: [HealthController],
    configure: (app) =>
      app
        .setGlobalPrefix('api', { exclude: ['health'] })
        .enableVersioning({ type: VersioningType.URI, defaultVersion: '1' }),
  });
  let port: number;

  beforeAll(async () => {
    await (audited.app as INestApplication).listen(0, '127.0.0.1');
    port = (audited.app.getHttpServer().address() as AddressInfo).port;
  });

  /** The writes of all users, who it was by the trail, and what else the trail says of it. */
  async function trail(): Promise<{ tag: string; actor: string; request: string; origin: object }[]> {
    await Promise.all(audited.app.get(FlowController).open);
    await audited.oracle.verify();
    return audited.orm.em.fork().execute(`
      select change.after->>'name' as tag, revision.actor_id as actor, revision.correlation_id as request, revision.origin
      from ${CHANGES} change join audit_change revision on revision.id = change.of_revision`);
  }

  const url = (path: string) => `http://127.0.0.1:${port}${path}`;
  const flow = (name: string) => url(`/api/v1/flows/${name}`);
  const text = 'x'.repeat(200_000);

  it.each<[string, string, number, (user: string) => Promise<number>, string[]]>([
    [
      'a body that comes late',
      'body',
      201,
      (user) =>
        postInPieces(port, '/api/v1/flows/body', user, JSON.stringify({ text: text.slice(0, 90_000) })),
      ['body of 90000'],
    ],
    [
      'a guard behind the one that knows the user',
      'secondGuard',
      201,
      (user) => postAndLeave(flow('second-guard'), user),
      ['last seen'],
    ],
    [
      'what comes after a middleware that goes on in a callback of another request',
      'pooled',
      201,
      (user) => postAndLeave(flow('pooled'), user),
      ['last seen', 'pooled'],
    ],
    [
      'what comes after a middleware that adds to the context',
      'tenant',
      201,
      (user) => postAndLeave(flow('tenant'), user),
      ['tenant'],
    ],
    ['a guard that denies', 'denied', 403, (user) => postAndLeave(flow('denied'), user), ['denied']],
    ['an exception filter', 'filter', 409, (user) => postAndLeave(flow('filter'), user), ['filter']],
    [
      'a stream that waits for its reader',
      'stream',
      200,
      (user) => readSlowly(flow('stream'), user),
      ['chunk 9', 'chunk 19', 'chunk 29', 'chunk 39'],
    ],
    [
      'server-sent events',
      'sse',
      200,
      (user) => readSlowly(flow('sse'), user),
      ['event 0', 'event 1', 'event 2'],
    ],
    [
      'operators that delay, switch and share',
      'operators',
      201,
      (user) => postAndLeave(flow('operators'), user),
      ['concatMap 1', 'concatMap 2', 'switchMap 1'],
    ],
    [
      'what all requests share, behind keepContext()',
      'sharedByAll',
      201,
      (user) => postAndLeave(flow('shared'), user),
      ['shared'],
    ],
    ['an event emitter', 'emit', 201, (user) => postAndLeave(flow('emitter'), user), ['emitter']],
    [
      'a timer, after the answer, when the client has gone',
      'answerFirst',
      201,
      (user) => postAndLeave(flow('timer'), user),
      ['timer'],
    ],
  ])('%s has the context of its request', async (_title, handler, status, send, writes) => {
    expect(await Promise.all(USERS.map(send))).toEqual(USERS.map(() => status));
    const rows = await trail();
    expect(rows.map(({ tag }) => tag).sort()).toEqual(
      USERS.flatMap((user) => writes.map((what) => `${user}: ${what}`)).sort(),
    );
    for (const { tag, actor, request, origin } of rows) {
      const [user] = tag.split(':');
      expect([tag, actor, request]).toEqual([tag, user, user]);
      expect(origin).toMatchObject({
        source: 'http',
        ip: '127.0.0.1',
        handler: `FlowController.${handler}`,
        route: expect.stringMatching(/^\/api\/v1\/flows\/[a-z-]+$/),
      });
    }
  });

  it('goes through the interceptor, which comes after the guards', async () => {
    const intercept = jest.spyOn(audited.app.get(AuditContextInterceptor), 'intercept');
    expect(await postAndLeave(flow('tenant'), 'ann')).toBe(201);
    expect(intercept).toHaveBeenCalledTimes(1);
    intercept.mockRestore();
  });

  it('a route without the prefix, in another version, has a context before its guards too', async () => {
    expect(await readSlowly(url('/v2/health'), 'ann')).toBe(200);
    expect(await trail()).toMatchObject([
      {
        tag: 'ann: last seen',
        actor: 'ann',
        request: 'ann',
        origin: { route: '/v2/health', handler: 'HealthController.health', method: 'GET' },
      },
    ]);
  });
});
