import { existsSync } from 'node:fs';
import { rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { CLI_FILE, COMMON_JS, INLINE, moduleWith } from './init-apps.js';
import { useInitFolders } from './use-init-folders.js';

describe('mikro-audit init', () => {
  const { app, init, textsOf } = useInitFolders();

  test('says what is to be written by hand where only the running app knows the configuration', async () => {
    for (const [text, reason] of [
      [COMMON_JS['src/app.module.ts'] ?? '', 'autoLoadEntities'],
      [
        moduleWith('MikroOrmModule.forRoot({ dbName: AppModule.name, entities: [] })'),
        'stand before AppModule',
      ],
      [moduleWith('MikroOrmModule.forRootAsync({ useFactory: () => ({ entities: [] }) })'), 'by a function'],
    ] as const) {
      const folder = await app({ 'package.json': '{ "name": "factory" }', 'src/app.module.ts': text });
      const done = await init(folder, '--yes');
      expect(done).toMatchObject({ code: 0 });
      expect(done.output).toMatch(new RegExp(`Write ${CLI_FILE}, which exports it by default: .*${reason}`));
      expect(existsSync(join(folder, CLI_FILE))).toBe(false);
    }
  });

  test.each([
    [
      'a configuration that a function makes',
      moduleWith('MikroOrmModule.forRoot(load())'),
      'no plain object',
    ],
    ['no MikroORM', moduleWith(''), 'Nothing calls MikroOrmModule.forRoot()'],
    ['no entities', moduleWith("MikroOrmModule.forRoot({ dbName: 'x' })"), 'lists no entities'],
    ['entities that are made', moduleWith('MikroOrmModule.forRoot({ entities: all() })'), 'are no array'],
    [
      'several databases',
      moduleWith('MikroOrmModule.forRoot({ entities: [] }), MikroOrmModule.forRoot({ entities: [] })'),
      'several times: src/app.module.ts, src/app.module.ts',
    ],
    [
      'imports that are made',
      moduleWith('MikroOrmModule.forRoot({ entities: [] })').replace(
        /imports: (.*) \}\)/,
        'imports: all($1) })',
      ),
      'no array',
    ],
    ['no root module', 'export const AppModule = null;', 'has no class AppModule'],
    [
      'an AuditModule of its own',
      `${moduleWith('AuditModule.forRoot(), MikroOrmModule.forRoot({ entities: [] })')}
class AuditModule { static forRoot() { return { module: AuditModule }; } }
`,
      'has a AuditModule that is not of nestjs-mikro-audit',
    ],
    [
      'other auditEntities',
      moduleWith(
        'MikroOrmModule.forRoot({ entities: auditEntities })',
        "import { auditEntities } from './book.js';",
      ),
      'has a auditEntities that is not of nestjs-mikro-audit',
    ],
    [
      'another driver',
      moduleWith('MikroOrmModule.forRoot({ entities: [], driver: Own })'),
      'is not PostgreSqlDriver',
    ],
  ])('refuses an app with %s, and says what to add by hand', async (_, text, message) => {
    const files = { 'package.json': '{ "name": "other" }', 'src/app.module.ts': text };
    const folder = await app(files);
    const refused = await init(folder, '--yes', '--driver');
    expect(refused.code).toBe(2);
    expect(refused.output).toContain(message);
    expect(refused.output).toContain('Add by hand');
    expect(await textsOf(folder, files)).toMatchObject(files);
  });

  test('writes all of it or nothing', async () => {
    const folder = await app(INLINE);
    await symlink('nowhere/at-all.ts', join(folder, CLI_FILE));
    const failed = await init(folder, '--yes');
    expect(failed.code).toBe(2);
    expect(failed.output).toContain(`${CLI_FILE} cannot be written. Nothing was changed.`);
    expect(await textsOf(folder, INLINE)).toMatchObject(INLINE);
  });

  test('refuses a folder that is no app', async () => {
    const folder = await app({ 'package.json': '{}' });
    await rm(join(folder, 'src/main.ts'));
    expect((await init(folder)).output).toContain('src/main.ts, which starts a Nest app, is not there');
    await rm(join(folder, 'tsconfig.json'));
    expect((await init(folder)).output).toContain('has no tsconfig.json');
    await rm(join(folder, 'package.json'));
    expect((await init(folder)).output).toContain('package.json cannot be read as JSON. Give --folder');
  });
});
