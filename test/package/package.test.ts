import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { ensureLibraryBuilt } from '../support/library-build.js';
import { LIBRARY, PROJECT } from '../support/project-paths.js';
import { runCommand } from '../support/run-command.js';

const TIMEOUT = 300_000;

/** What the app needs besides the package and its peers. */
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

describe('the packed library', () => {
  let folder: string;
  let packed: { readonly filename: string; readonly files: readonly { readonly path: string }[] };
  let database: TestDatabase;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nestjs-mikro-audit-package-'));
    database = await createTestDatabase();
    await ensureLibraryBuilt();
    const output = await runCommand('npm', ['pack', '--json', '--pack-destination', folder], {
      cwd: LIBRARY,
    });
    [packed] = JSON.parse(output) as [typeof packed];
  }, TIMEOUT);

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
    await database?.drop();
  });

  test('contains what a user needs and nothing else', () => {
    const paths = packed.files.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining(['package.json', 'README.md', 'LICENSE', 'dist/index.js', 'dist/index.d.ts']),
    );
    const built = /^dist\/(?!.*\.(spec|test)\.).*\.(js|d\.ts)(\.map)?$/;
    const others = paths.filter((path) => !built.test(path)).sort();
    expect(others).toEqual([
      'LICENSE',
      'README.md',
      'dist/http/ui/assets/icon.svg',
      expect.stringMatching(/^dist\/http\/ui\/assets\/viewer-\w{8}\.css$/),
      'dist/http/ui/index.html',
      'package.json',
    ]);
    expect(paths).toContainEqual(expect.stringMatching(/^dist\/http\/ui\/assets\/viewer-\w{8}\.js$/));
  });

  test(
    'installs into an empty app outside the project, without OpenTelemetry, which boots and reads its history',
    async () => {
      const { peerDependencies = {}, peerDependenciesMeta = {} } = await readManifest(LIBRARY);
      const needed = Object.keys(peerDependencies).filter((name) => !peerDependenciesMeta[name]?.optional);
      const dependencies = {
        ...(await versionsOf([...needed, ...APP_DEPENDENCIES])),
        'nestjs-mikro-audit': `file:./${packed.filename}`,
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
});
