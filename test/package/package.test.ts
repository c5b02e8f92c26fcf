import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { USUAL_NEST_11 } from '../matrix/combinations.js';
import { runConsumerApp } from '../matrix/consumer-app.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type PackedLibrary, packLibrary } from '../support/packed-library.js';
import { LIBRARY, PROJECT } from '../support/project-paths.js';
import { runCommand } from '../support/run-command.js';

const TIMEOUT = 300_000;

/** Bytes of the tarball. */
const LARGEST = 400_000;

/** The packages that the app needs besides this one and its peers. */
const APP_DEPENDENCIES = ['@mikro-orm/nestjs', '@nestjs/platform-express'];

/**
 * A whole user's app, in plain JavaScript: boots, writes one row and prints its history, and whether it could have
 * loaded the optional API of OpenTelemetry.
 */
const APP = `
import { defineEntity, MikroORM, p, PostgreSqlDriver } from '@mikro-orm/postgresql';
import { MikroOrmModule } from '@mikro-orm/nestjs';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AuditContext, auditEntities, AuditModule, auditPolicy, AuditReader } from 'nestjs-mikro-audit';
import { AuditHttpModule } from 'nestjs-mikro-audit/http';

class Book {}
const BookSchema = defineEntity({
  name: 'Book',
  properties: { id: p.integer().primary(), title: p.string(), price: p.decimal('string').precision(8).scale(2) },
});
BookSchema.setClass(Book);

class AppModule {}
Module({
  imports: [
    MikroOrmModule.forRoot({
      driver: PostgreSqlDriver,
      clientUrl: process.env.APP_DATABASE_URL,
      entities: [Book, ...auditEntities],
    }),
    AuditModule.forRoot({ policies: [auditPolicy(Book, { name: 'book' })] }),
    AuditHttpModule.forRoot({
      access: {
        accessOf: ({ headers }) =>
          headers['x-user'] ? { permissions: ['list', 'values'], entities: { '*': { within: 'all' } } } : null,
      },
    }),
  ],
})(AppModule);

const app = await NestFactory.create(AppModule, { logger: ['error'] });
await app.init();
const orm = app.get(MikroORM);
await orm.schema.create();
const id = await app.get(AuditContext).run({ actor: { type: 'user', id: '7', label: 'Ada' } }, async () => {
  const em = orm.em.fork();
  const book = em.create(Book, { title: 'Emma', price: '9.5' });
  await em.flush();
  return book.id;
});
const { items } = await app.get(AuditReader).history(Book, id, { details: true });
await app.listen(0, '127.0.0.1');
const get = (path, headers) => fetch(\`\${server}/audit/\${path}\`, { headers });
const server = await app.getUrl();
const answers = [await get('changes'), await get('changes', { 'x-user': '7' }), await get('ui/', { 'x-user': '7' })];
const http = [
  answers.map(({ status }) => status),
  (await answers[1].json()).items.length,
  (await answers[2].text()).includes('<base href="./">'),
];
const openTelemetry = await import('@opentelemetry/api').then(
  () => 'installed',
  ({ code }) => code,
);
console.log(JSON.stringify({ items, http, openTelemetry }));
await app.close();
`;

interface Manifest {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

async function readManifest(folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;
}

/** The versions that this project uses itself. */
async function versionsOf(names: readonly string[]): Promise<Record<string, string>> {
  const entries = names.map(async (name) => {
    const { version } = await readManifest(join(PROJECT, 'node_modules', name));
    return [name, version] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** The packages that a file imports, also for types only. */
function packagesIn(text: string): readonly string[] {
  const imports = text.matchAll(
    /(?<![.\w])(?:from|import)\s*\(?["']((?:@[a-z-]+\/)?[a-z][a-z-]*)(?:\/[\w./-]+)?["']/g,
  );
  return [...imports].map(([, name = '']) => name);
}

describe('the packed library', () => {
  let folder: string;
  let packed: PackedLibrary;
  let database: TestDatabase;
  let other: TestDatabase;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nestjs-mikro-audit-package-'));
    database = await createTestDatabase();
    other = await createTestDatabase();
    packed = await packLibrary(folder);
  }, TIMEOUT);

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
    await database?.drop();
    await other?.drop();
  });

  test('contains what a user needs and nothing else: no map, no spec, no declaration that no entry leads to', () => {
    const shared = /^dist\/(?:.*\.d\.ts|chunks\/[\w-]+\.js)$/;
    const named = packed.paths.map((path) => path.replace(/(?<=\/viewer-)\w{8}(?=\.)/, 'HASH'));
    const ours = named.filter((path) => !shared.test(path)).sort();
    expect(ours).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'dist/cli/main.js',
      'dist/http/index.cjs',
      'dist/http/index.d.cts',
      'dist/http/index.js',
      'dist/http/ui/assets/icon.svg',
      'dist/http/ui/assets/viewer-HASH.css',
      'dist/http/ui/assets/viewer-HASH.js',
      'dist/http/ui/index.html',
      'dist/index.cjs',
      'dist/index.d.cts',
      'dist/index.js',
      'dist/testing/index.cjs',
      'dist/testing/index.d.cts',
      'dist/testing/index.js',
      'package.json',
    ]);
    expect(packed.paths).toEqual(
      expect.arrayContaining(['dist/index.d.ts', 'dist/http/index.d.ts', 'dist/testing/index.d.ts']),
    );
    expect(packed.paths).not.toContainEqual(
      expect.stringMatching(/^dist\/(?:cli|triggers\/values)\/.*\.d\.ts$/),
    );
  });

  test('is small', () => {
    expect(packed.size).toBeLessThan(LARGEST);
  });

  test('names no package but its peers and its own dependencies', async () => {
    const { peerDependencies = {}, dependencies = {} } = await readManifest(LIBRARY);
    const known = new Set([
      ...Object.keys(peerDependencies),
      ...Object.keys(dependencies),
      'nestjs-mikro-audit',
    ]);
    const files = packed.paths.filter((path) => /\.(?:js|d\.ts)$/.test(path) && !path.includes('/ui/'));
    const named = await Promise.all(
      files.map(async (path) => packagesIn(await readFile(join(LIBRARY, path), 'utf8'))),
    );
    expect([...new Set(named.flat())].filter((name) => !known.has(name))).toEqual([]);
    expect(named.flat()).toContain('@mikro-orm/postgresql');
  });

  test('gives the same classes to those who require it', async () => {
    const program = `
      const assert = require('node:assert');
      const names = ['', '/http', '/testing'].map((path) => 'nestjs-mikro-audit' + path);
      const required = names.map((name) => require(name));
      Promise.all(names.map((name) => import(name))).then(([main, http, testing]) => {
        assert.strictEqual(required[0].AuditModule, main.AuditModule);
        assert.strictEqual(required[1].AuditHttpModule, http.AuditHttpModule);
        assert.strictEqual(required[2].InMemoryAuditRecorder, testing.InMemoryAuditRecorder);
        assert(testing.InMemoryAuditRecorder.prototype instanceof main.AuditRecorder);
        for (const [name, value] of [main, http, testing].flatMap(Object.entries)) {
        if (typeof value === 'function' && /^class\\b/.test(String(value))) assert.strictEqual(value.name, name);
      }
        console.log('same');
      });`;
    // From within the project, whose packages resolve.
    expect(await runCommand(process.execPath, ['-e', program], { cwd: PROJECT })).toBe('same\n');
  });

  test(
    'installs into an empty app outside the project, without OpenTelemetry, which boots and reads its history',
    async () => {
      const { peerDependencies = {}, peerDependenciesMeta = {} } = await readManifest(LIBRARY);
      const needed = Object.keys(peerDependencies).filter((name) => !peerDependenciesMeta[name]?.optional);
      const dependencies = {
        ...(await versionsOf([...needed, ...APP_DEPENDENCIES])),
        'nestjs-mikro-audit': `file:${packed.tarball}`,
      };
      const manifest = { name: 'empty-app', private: true, type: 'module', dependencies };
      await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
      await writeFile(join(folder, 'main.js'), APP);
      const install = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'];
      await runCommand('npm', install, { cwd: folder });
      const env = { APP_DATABASE_URL: database.url, NODE_OPTIONS: '' };
      const output = await runCommand(process.execPath, ['main.js'], { cwd: folder, env });
      const { items, http, openTelemetry } = JSON.parse(output) as Readonly<Record<string, unknown>>;
      expect(openTelemetry).toBe('ERR_MODULE_NOT_FOUND');
      expect(http).toEqual([[401, 200, 200], 1, true]);
      expect(items).toMatchObject([
        {
          entityType: 'book',
          entityId: '1',
          operation: 'create',
          before: null,
          after: { id: 1, title: 'Emma', price: '9.50' },
          revision: { actor: { type: 'user', id: '7', label: 'Ada' }, traceId: null, spanId: null },
        },
      ]);
    },
    TIMEOUT,
  );

  test(
    'runs in the usual app of Nest 11: CommonJS, MikroORM 7.1',
    async () => {
      const home = join(folder, 'nest-11');
      const surroundings = {
        tarball: packed.tarball,
        databaseUrl: other.url,
        nodes: { 22: process.execPath, 24: process.execPath },
      };
      await expect(runConsumerApp(USUAL_NEST_11, home, surroundings)).resolves.toContain('@nestjs/core 11.');
    },
    TIMEOUT,
  );
});
