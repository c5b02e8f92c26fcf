import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  type AuditAccess,
  AuditAccessPolicy,
  type AuditHttpAsyncOptions,
  AuditHttpModule,
  type AuditHttpOptions,
  type EntityAccess,
} from 'nestjs-mikro-audit/http';
import { createAuditedApp } from '../../support/audited-app.js';
import { lawFirm, lawFirmOracle } from '../../support/fixtures/law-firm.js';
import { ADAPTERS, createLawFirmApp, EVERYTHING, HeaderPolicy } from './law-firm-app.js';

const boot = (options: unknown) =>
  createAuditedApp({
    entities: lawFirm,
    oracle: lawFirmOracle,
    imports: [AuditHttpModule.forRoot(options as AuditHttpOptions)],
  });

describe('AuditHttpModule', () => {
  it.each([
    ['nothing', undefined, 'no access policy'],
    ['no policy', {}, 'no access policy'],
    ['something that is no policy', { access: 'everybody' }, 'no access policy'],
    ['an unknown option', { access: new HeaderPolicy(), acess: 1 }, 'does not know the option "acess"'],
    ['a path with a parameter', { access: new HeaderPolicy(), path: 'audit/:id' }, 'no path'],
  ])('is refused with %s', (_, options, message) => {
    expect(() => AuditHttpModule.forRoot(options as unknown as AuditHttpOptions)).toThrow(message);
  });

  it('does not start twice in one app, where one of the paths would not be there', async () => {
    const imports = ['audit', 'trail'].map((path) =>
      AuditHttpModule.forRoot({ access: new HeaderPolicy(), path, viewer: false }),
    );
    await expect(createAuditedApp({ entities: lawFirm, oracle: lawFirmOracle, imports })).rejects.toThrow(
      'AuditHttpModule is imported 2 times with different options',
    );
  });

  it('does not start when the factory gives no policy', async () => {
    await expect(boot({ access: { useFactory: () => undefined } })).rejects.toThrow(
      'gave no AuditAccessPolicy',
    );
  });

  it('takes a policy from a class or a factory', async () => {
    for (const access of [{ useClass: HeaderPolicy }, { useFactory: async () => new HeaderPolicy() }]) {
      const audited = await boot({ access });
      await audited.close();
    }
  });

  it.each([true, false])('takes its settings from a factory (recordTrailReads: %s)', async (isRecorded) => {
    class Settings {}
    const imports = [
      AuditHttpModule.forRootAsync({
        access: new HeaderPolicy(),
        path: 'trail',
        imports: [
          {
            module: Settings,
            providers: [{ provide: 'recorded', useValue: isRecorded }],
            exports: ['recorded'],
          },
        ],
        inject: ['recorded'],
        useFactory: async (recordTrailReads: boolean) => ({ recordTrailReads }),
      }),
    ];
    const audited = await createAuditedApp({ entities: lawFirm, oracle: lawFirmOracle, imports });
    try {
      await audited.app.listen(0, '127.0.0.1');
      const headers = { 'x-access': JSON.stringify(EVERYTHING) };
      const { status } = await fetch(`${await audited.app.getUrl()}/trail/changes`, { headers });
      expect([status, (await audited.reader.revisions()).items.length]).toEqual([200, isRecorded ? 1 : 0]);
    } finally {
      await audited.close();
    }
  });

  it.each<[string, object, string]>([
    ['no factory', { access: new HeaderPolicy() }, 'has no factory'],
    [
      'a setting beside the factory',
      { access: new HeaderPolicy(), useFactory: () => ({}), limits: {} },
      '"limits"',
    ],
    ['no policy', { useFactory: () => ({}) }, 'no access policy'],
  ])('is refused with %s', (_, options, message) => {
    expect(() => AuditHttpModule.forRootAsync(options as AuditHttpAsyncOptions)).toThrow(message);
  });

  it.each<[string, object, string]>([
    ['a path, which routes need before', { path: 'trail' }, 'does not know the option "path"'],
    ['a limit that there is not', { limits: { downloads: 1 } }, 'does not know the limit "downloads"'],
  ])('does not start when the factory gives %s', async (_, settings, message) => {
    const imports = [
      AuditHttpModule.forRootAsync({ access: new HeaderPolicy(), useFactory: () => settings }),
    ];
    await expect(createAuditedApp({ entities: lawFirm, oracle: lawFirmOracle, imports })).rejects.toThrow(
      message,
    );
  });

  it('lives under a path and a global prefix', async () => {
    const app = await createLawFirmApp('express', {
      http: { path: 'admin/trail' },
      configure: (nest) => nest.setGlobalPrefix('api'),
    });
    try {
      const base = (await app.app.getUrl()).concat('/api/admin/trail');
      const response = await fetch(`${base}/changes`);
      expect([response.status, response.headers.get('content-type')]).toEqual([
        401,
        expect.stringContaining('application/problem+json'),
      ]);
    } finally {
      await app.close();
    }
  });

  it.each<[string, AuditAccess]>([
    [
      'an action that there is not',
      { permissions: ['read' as 'list'], entities: { '*': { within: 'all' } } },
    ],
    ['an entity that is not audited', { permissions: ['list'], entities: { invoice: { within: 'all' } } }],
    [
      'a hidden property that there is not',
      { permissions: ['list'], entities: { case: { within: 'all', hidden: ['titel'] } } },
    ],
    ['no scope, which is not everything', { permissions: ['list'], entities: { case: {} as EntityAccess } }],
    [
      'no scope for those that are not named',
      { permissions: ['list'], entities: { case: { within: 'all' }, '*': {} as EntityAccess } },
    ],
    ['a scope without anything in it', { permissions: ['list'], entities: { case: { within: {} } } }],
    [
      'a scope without a value',
      {
        permissions: ['list'],
        entities: { '*': { within: { metadata: { tenant: undefined as unknown as null } } } },
      },
    ],
    [
      'a member that there is not',
      {
        permissions: ['list'],
        entities: { case: { within: 'all', withn: { metadata: { tenant: 1 } } } as EntityAccess },
      },
    ],
    [
      'hidden properties of everything',
      { permissions: ['list'], entities: { '*': { within: 'all', hidden: ['title'] } } },
    ],
  ])('answers nothing when the policy grants %s, because a typo would protect nothing', async (_, access) => {
    class TypingPolicy extends AuditAccessPolicy {
      override accessOf(): AuditAccess {
        return access;
      }
    }
    const audited = await boot({ access: new TypingPolicy() });
    try {
      await audited.app.listen(0, '127.0.0.1');
      const response = await fetch(`${await audited.app.getUrl()}/audit/changes`);
      expect([response.status, await response.json()]).toEqual([
        500,
        expect.objectContaining({ detail: 'The server could not answer.' }),
      ]);
    } finally {
      await audited.close();
    }
  });

  it.each([
    { homeUrl: 'javascript:alert(1)' },
    { homeUrl: ' java\nscript:alert(1)' },
    { signInUrl: 'JavaScript:alert(1)' },
    { hook: 'data:text/javascript,alert(1)' },
    { homeUrl: 'vbscript:x' },
    { homeUrl: 'http://' },
  ])('takes no link that runs something: %j', (viewer) => {
    expect(() => AuditHttpModule.forRoot({ access: new HeaderPolicy(), viewer })).toThrow(
      /no address of a page/,
    );
  });

  it.each(ADAPTERS)('lets the app say where a person signs in, on %s', async (adapter) => {
    const folder = await mkdtemp(join(tmpdir(), 'viewer-'));
    await writeFile(join(folder, 'index.html'), '<base href="./">');
    const app = await createLawFirmApp(adapter, {
      http: { viewer: { folder, signInUrl: '/sign-in?for=audit#form' } },
    });
    try {
      const visit = (path: string, accept: string) =>
        fetch(app.base + path, { headers: { accept }, redirect: 'manual' });
      const html = 'text/html,application/xhtml+xml,*/*;q=0.8';
      for (const path of ['/ui/', '/ui', '/ui/revisions/7?a=1&b=2']) {
        const { status, headers } = await visit(path, html);
        expect([status, headers.get('location'), headers.get('cache-control')]).toEqual([
          302,
          `/sign-in?for=audit&return=${encodeURIComponent(`/audit${path}`)}#form`,
          'no-store',
        ]);
      }
      for (const [path, accept] of [
        ['/ui/', 'application/json'],
        ['/ui/', '*/*'],
        ['/changes', html],
      ] as const) {
        const { status, headers } = await visit(path, accept);
        expect([status, headers.get('content-type')]).toEqual([
          401,
          'application/problem+json; charset=utf-8',
        ]);
      }
      const { status, text } = await app.get('/ui/');
      expect([status, text]).toEqual([200, '<base href="./">']);
    } finally {
      await app.close();
      await rm(folder, { recursive: true });
    }
  });
});
