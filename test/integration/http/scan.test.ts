import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { ModulesContainer } from '@nestjs/core';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import fc from 'fast-check';
import { AuditHttpModule } from 'nestjs-mikro-audit/http';
import request from 'supertest';
import { Case } from '../../support/fixtures/law-firm.js';
import { RANDOM_TIMEOUT, randomRuns } from '../../support/random-runs.js';
import { ADAPTERS, createLawFirmApp, type LawFirmApp } from './law-firm-app.js';

interface Route {
  readonly method: 'get' | 'post';
  readonly path: string;
}

/** What Nest's router has of the module, whatever is added to it. */
function routesOf(firm: LawFirmApp): readonly Route[] {
  const modules = [...firm.app.get(ModulesContainer).values()];
  const controllers = modules
    .filter(({ metatype }) => metatype === AuditHttpModule)
    .flatMap((one) => [...one.controllers.values()]);
  return controllers.flatMap(({ metatype }) => {
    const controller = metatype as { readonly prototype: Readonly<Record<string, object>> };
    const handlers = Object.getOwnPropertyNames(controller.prototype).flatMap((name) => {
      const handler = Object.getOwnPropertyDescriptor(controller.prototype, name)?.value as object;
      return Reflect.hasMetadata(METHOD_METADATA, handler) ? [handler] : [];
    });
    const start = Reflect.getMetadata(PATH_METADATA, controller) as string;
    return handlers.flatMap((handler) =>
      ([Reflect.getMetadata(PATH_METADATA, handler)].flat() as string[]).map((end) => ({
        method:
          Reflect.getMetadata(METHOD_METADATA, handler) === RequestMethod.POST
            ? ('post' as const)
            : ('get' as const),
        path: [start, end]
          .join('/')
          .replaceAll(/\/+/g, '/')
          .replace(/^\/?/, '/')
          .replace(/(.)\/$/, '$1'),
      })),
    );
  });
}

const VALUES = [
  'case',
  'client',
  '1',
  '0',
  '-1',
  '501',
  'newest',
  'ndjson',
  'csv',
  'x',
  '',
  '*',
  'user:',
  ':',
  'case:1',
  'title',
  'extra.a.b',
  'place',
  '2027-01-01T00:00:00Z',
  '2027-01-01',
  '%2B275760-09-13T00:00:00Z',
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999999999Z',
  'revision:1',
  'revision:x',
  'title:to:eq:%22x%22',
  'fee:to:gt:%221e999%22',
  'fee:to:gt:%22NaN%22',
  'fee:to:gt:%221e999999%22',
  'fee:to:lt:%22much%22',
  'dueAt:to:lt:%22-000001-01-01T00:00:00Z%22',
  'dueAt:from:lt:%22infinity%22',
  'total:to:in:[%221%22,null]',
  'id:to:gt:99999999999999999999',
  'extra:to:eq:{%22a%22:[[[]]]}',
  'extra.x:to:lt:1e400',
  'account:to:eq:%22x%22',
  'seal:to:eq:%22x%22',
  'topics:to:eq:1',
  'client:to:eq:%22x%22',
  'client:to:eq:{}',
  '%00',
  '%',
  '%zz',
  '%ff%fe',
  '%ED%A0%80',
  '%F0%9F%98%80',
  "'%3B drop table audit_change%3B--",
  '%25%5C_',
  '__proto__',
  'constructor',
  'Europe/Berlin',
  "UTC'%3B",
  '9223372036854775808',
  '18446744073709551616.1',
  'c1',
  'qaaaaaaaaaaaaaaaaWyJ4Il0',
  '[',
  '{}',
  'true',
  'null',
  '"'.repeat(3),
  'a'.repeat(2000),
];
const NAMES = [
  'entity',
  'id',
  'root',
  'actor',
  'onBehalfOf',
  'action',
  'operation',
  'property',
  'value',
  'correlationId',
  'from',
  'until',
  'text',
  'outcome',
  'restoredRevisionId',
  'limit',
  'cursor',
  'order',
  'at',
  'revision',
  'to',
  'populate',
  'format',
  'timeZone',
  'where.title',
  'where.fee',
  'where.extra',
  'where.__proto__',
  'where.',
  '__proto__',
  'constructor[a]',
  'x[y]=',
  'entity[]',
];

const query = fc.array(
  fc.tuple(
    fc.constantFrom(...NAMES),
    fc.oneof(fc.constantFrom(...VALUES), fc.string().map(encodeURIComponent)),
  ),
  { maxLength: 5 },
);
/** Mostly of what goes together, so that it gets further than the first check. */
const search = fc
  .record({ entity: fc.constantFrom('case', 'client'), rest: query })
  .map(({ entity, rest }) => [['entity', entity] as [string, string], ...rest]);

describe.each(ADAPTERS)('every route on %s', (adapter) => {
  let firm: LawFirmApp;
  let routes: readonly Route[];
  let url: string;

  beforeAll(async () => {
    firm = await createLawFirmApp(adapter);
    routes = routesOf(firm);
    url = await firm.app.getUrl();
    const em = firm.orm.em.fork();
    em.create(Case, { tenant: 'a', title: 'x', fee: '1.00', extra: { a: { b: 1 } } });
    await em.flush();
  });
  afterAll(() => firm?.close());

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
        '/revisions/:id/restore',
        '/:a',
      ]),
    );
    for (const { method, path } of routes) {
      for (const [access, status] of [
        [null, 401],
        [{ actions: [], entities: {} }, 403],
        [{ actions: [], entities: { '*': {} } }, 403],
        [{ actions: ['list', 'history', 'values', 'export', 'restore'], entities: {} }, 403],
      ] as const) {
        const test = request(`${url}/audit`)[method](filled(path));
        const response = await (access === null ? test : test.set('x-access', JSON.stringify(access)));
        expect([method, path, response.status, response.headers['content-type']]).toEqual([
          method,
          path,
          status,
          'application/problem+json; charset=utf-8',
        ]);
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
            if (response.status === 200) {
              return;
            }
            expect([200, 400, 403, 404, 409]).toContain(response.status);
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
            expect([200, 400]).toContain(response.status);
            if (response.status === 400) {
              expect(response.body.parameter).toBe('cursor');
            }
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
    const meant = routes.filter(
      ({ path }) => !path.startsWith('/ui') && path !== '/' && !path.startsWith('/:a'),
    );
    expect(described.sort()).toEqual(meant.map(({ method, path }) => `${method} /audit${path}`).sort());
    for (const { method, path } of meant) {
      const operation = document.paths[`/audit${path.replaceAll(/:(\w+)/g, '{$1}')}`]?.[method];
      expect([path, operation?.tags, typeof operation?.summary]).toEqual([path, ['audit'], 'string']);
      for (const parameter of operation?.parameters ?? []) {
        if ('in' in parameter && parameter.in === 'query') {
          const { body } = await firm.get(`${filled(path)}?${parameter.name}=%00`);
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
