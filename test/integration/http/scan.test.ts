import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import fc from 'fast-check';
import request from 'supertest';
import { Case } from '../../support/fixtures/law-firm.js';
import { RANDOM_TIMEOUT, randomRuns } from '../../support/random-runs.js';
import { ADAPTERS, createLawFirmApp, type LawFirmApp } from './law-firm-app.js';
import { query, search } from './random-queries.js';
import { type Route, routesOf } from './router-routes.js';

describe.each(ADAPTERS)('every route on %s', (adapter) => {
  let firm: LawFirmApp;
  let routes: readonly Route[];
  let url: string;
  const logged: unknown[] = [];

  beforeAll(async () => {
    firm = await createLawFirmApp(adapter);
    routes = routesOf(firm);
    url = await firm.app.getUrl();
    const log = (...told: unknown[]) => void logged.push(told);
    firm.app.useLogger({ log: () => undefined, warn: log, error: log, fatal: log });
    const em = firm.orm.em.fork();
    em.create(Case, { tenant: 'a', title: 'x', fee: '1.00', extra: { a: { b: 1 } } });
    await em.flush();
  });
  afterAll(async () => {
    firm?.app.useLogger(false);
    await firm?.close();
  });

  const filled = (path: string) =>
    path === '/' ? '' : path.replace(':type', 'case').replaceAll(/:\w+/g, '1');

  it('is closed to everybody whom the policy does not let in', async () => {
    const known = routes.map(({ path }) => path);
    expect(known).toEqual(
      expect.arrayContaining([
        '/changes',
        '/export',
        '/events',
        '/ui',
        '/ui/:a/:b',
        '/revisions/:id/undo',
        '/:a',
      ]),
    );
    for (const { method, path } of routes) {
      for (const [access, status] of [
        [null, 401],
        [{ permissions: [], entities: {} }, 403],
        [{ permissions: [], entities: { '*': { within: 'all' } } }, 403],
        [{ permissions: ['list', 'history', 'values', 'export', 'restore', 'coverage'], entities: {} }, 403],
      ] as const) {
        const test = request(`${url}/audit`)[method](filled(path));
        const response = await (access === null ? test : test.set('x-access', JSON.stringify(access)));
        expect([method, path, response.status]).toEqual([method, path, status]);
        expect(response.headers).toMatchObject({
          'content-type': 'application/problem+json; charset=utf-8',
          'cache-control': 'no-store',
        });
      }
    }
  });

  it(
    'answers whatever is asked with what there is or a problem, and never fails',
    async () => {
      const readable = routes.filter(
        ({ method, path }) => method === 'get' && path !== '/events' && !path.startsWith('/ui'),
      );
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...readable),
          fc.oneof(query, search),
          async ({ path }, parameters) => {
            const text = parameters.map(([name, value]) => `${name}=${value}`).join('&');
            const response = await firm.get(`${filled(path)}?${text}`);
            expect([path, response.headers['cache-control']]).toEqual([path, 'no-store']);
            if (response.status === 200) {
              return;
            }
            expect([200, 400, 403, 404, 409, 422]).toContain(response.status);
            expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
            expect(response.body).toMatchObject({
              status: response.status,
              detail: expect.any(String),
              code: expect.stringMatching(/^AUDIT_/),
            });
            if (response.status === 400) {
              expect(typeof response.body.parameter).toBe('string');
            }
          },
        ),
        randomRuns(150),
      );
      // Nothing of it is worth a look at the log.
      expect(logged).toEqual([]);
    },
    RANDOM_TIMEOUT,
  );

  it(
    'takes no cursor that was tampered with',
    async () => {
      const em = firm.orm.em.fork();
      em.create(Case, { tenant: 'a', title: 'y' });
      await em.flush();
      const paths = [
        '/changes?limit=1',
        '/revisions?limit=1',
        '/entities/case/states?at=2999-01-01T00:00:00Z&limit=1',
      ];
      const cursors = await Promise.all(
        paths.map(async (path) => (await firm.get(path)).body.nextCursor as string),
      );
      await fc.assert(
        fc.asyncProperty(
          fc.nat(paths.length - 1),
          fc.nat(80),
          fc.string({ maxLength: 3 }),
          async (at, place, text) => {
            const cursor = cursors[at] ?? '';
            const changed = cursor.slice(0, place) + text + cursor.slice(place + 1);
            const response = await firm.get(`${paths[at]}&cursor=${encodeURIComponent(changed)}`);
            expect(response.status).toBe(changed === cursor ? 200 : 400);
            expect(response.body.parameter).toBe(changed === cursor ? undefined : 'cursor');
          },
        ),
        randomRuns(60),
      );
    },
    RANDOM_TIMEOUT,
  );

  it('is described for swagger, with the parameters that it takes', async () => {
    const document = SwaggerModule.createDocument(firm.app, new DocumentBuilder().build());
    const described = Object.entries(document.paths).flatMap(([path, item]) =>
      (['get', 'post'] as const).flatMap((method) =>
        item[method] ? [`${method} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`] : [],
      ),
    );
    const ofViewer = ['/', '/viewer-link'];
    const meant = routes.filter(
      ({ path }) => !path.startsWith('/ui') && !ofViewer.includes(path) && !path.startsWith('/:a'),
    );
    expect(described.sort()).toEqual(meant.map(({ method, path }) => `${method} /audit${path}`).sort());
    for (const { method, path } of meant) {
      const operation = document.paths[`/audit${path.replaceAll(/:(\w+)/g, '{$1}')}`]?.[method];
      expect([path, operation?.tags, typeof operation?.summary]).toEqual([path, ['audit'], 'string']);
      for (const parameter of operation?.parameters ?? []) {
        if ('in' in parameter && parameter.in === 'query') {
          // Its members are parameters of their own.
          const name = parameter.name === 'where' ? 'where.title' : parameter.name;
          const { body } = await firm.get(`${filled(path)}?${name}=%00`);
          expect([path, parameter.name, body.detail]).toEqual([
            path,
            parameter.name,
            expect.stringContaining('NUL'),
          ]);
        }
      }
    }
  });
});
