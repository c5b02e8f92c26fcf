import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { sampleText } from '../docs/markdown.js';
import { createTestDatabase } from '../support/database.js';
import { PROJECT } from '../support/project-paths.js';
import { runCommand } from '../support/run-command.js';
import {
  BOOK,
  CLI_CONFIGURATION,
  CLI_FILE,
  COMMON_JS,
  CONSTANT,
  ELSEWHERE,
  INLINE,
  INLINE_AFTER,
  MAIN,
  moduleWith,
  SEPARATE,
  TSCONFIG,
} from './init-apps.js';
import { useInitFolders } from './use-init-folders.js';

const TIMEOUT = 300_000;

describe('mikro-audit init', () => {
  const { app, init, textsOf } = useInitFolders();

  test.each([
    [
      'an inline configuration',
      INLINE,
      {
        'src/app.module.ts': INLINE_AFTER,
        'src/mikro-orm.config.ts': CLI_CONFIGURATION,
        'package.json':
          '{\n  "name": "inline",\n  "type": "module",\n  "mikro-orm": { "preferTs": false, "configPaths": ["./dist/mikro-orm.config.js"] },\n  "mikro-audit": { "module": "./dist/app.module.js#AppModule" }\n}\n',
      },
      ['--driver'],
    ],
    [
      'a configuration in a file and a module of its own',
      SEPARATE,
      {
        'src/mikro-orm.config.ts': `import { defineConfig } from "@mikro-orm/postgresql"
import { auditEntities } from "nestjs-mikro-audit"
import { Book } from "./book.js"

const entities = [Book]
export default defineConfig({ dbName: "books", entities: [...entities, ...auditEntities] })
`,
        'src/database.module.ts': SEPARATE['src/database.module.ts'],
      },
      [],
    ],
    [
      'CommonJS, a factory and a line of package.json of its own',
      COMMON_JS,
      { 'package.json': COMMON_JS['package.json'] },
      ['--driver'],
    ],
  ] as const)(
    'sets up an app with %s, which compiles then; everything else stays, and a second run changes nothing',
    async (_, files, after, args) => {
      const folder = await app(files);
      expect(await init(folder, '--yes', ...args)).toMatchObject({ code: 0 });
      const written = await textsOf(folder, files);
      expect(written).toMatchObject({ ...after, 'src/book.ts': BOOK, 'src/main.ts': MAIN });
      const all = Object.values(written).join('\n');
      expect(all).toContain('AuditModule.forRoot()');
      expect(all).toContain('...auditEntities');
      const tsc = join(PROJECT, 'node_modules/typescript/bin/tsc');
      await runCommand(process.execPath, [tsc, '--noEmit'], { cwd: folder });
      const again = await init(folder, '--yes', ...args);
      expect(again).toMatchObject({ code: 0, stdout: 'Nothing to do: auditing is set up.\n' });
      expect(await textsOf(folder, files)).toEqual(written);
    },
    TIMEOUT,
  );

  test('shows the lines, and writes nothing by itself or where nobody can be asked', async () => {
    const folder = await app(INLINE);
    const before = await textsOf(folder, INLINE);
    const shown = await init(folder, '--dry-run');
    expect(shown).toMatchObject({
      code: 1,
      stdout: `src/app.module.ts
- import { MikroOrmModule } from '@mikro-orm/nestjs';
+ import { MikroOrmModule, type MikroOrmModuleSyncOptions } from '@mikro-orm/nestjs';
  import { PostgreSqlDriver } from '@mikro-orm/postgresql';
  import { Module } from '@nestjs/common';
+ import { AuditModule, auditEntities } from 'nestjs-mikro-audit';
  import { Book } from './book.js';
  
+ export const mikroOrmConfig: MikroOrmModuleSyncOptions = {
+   driver: PostgreSqlDriver,
+   clientUrl: process.env.DATABASE_URL ?? '',
+   entities: [Book, ...auditEntities],
+ };
+ 
  @Module({
      // The database of the shop. To come: AuditModule.forRoot()
-     MikroOrmModule.forRoot({
-       driver: PostgreSqlDriver,
-       clientUrl: process.env.DATABASE_URL ?? '',
-       entities: [Book],
-     }),
+     MikroOrmModule.forRoot(mikroOrmConfig),
+     AuditModule.forRoot(),
    ],
src/mikro-orm.config.ts
+ // For the command line of MikroORM, such as: npx mikro-orm migration:create
+ export { mikroOrmConfig as default } from './app.module.js';
  
package.json
    "name": "inline",
-   "type": "module"
+   "type": "module",
+   "mikro-orm": { "preferTs": false, "configPaths": ["./dist/mikro-orm.config.js"] },
+   "mikro-audit": { "module": "./dist/app.module.js#AppModule" }
  }
`,
    });
    const unasked = await init(folder);
    expect(unasked.code).toBe(1);
    expect(unasked.output).toContain('give --yes');
    expect(await textsOf(folder, INLINE)).toEqual(before);
    const [first] = JSON.parse((await init(folder, '--dry-run', '--json')).stdout) as { file: string }[];
    expect(first?.file).toBe('src/app.module.ts');
  });

  test('makes of the app of the quick start what the page shows, whose migrations create the audit tables then', async () => {
    const database = await createTestDatabase();
    const folder = await app({
      'package.json': '{ "name": "books", "type": "module", "dependencies": { "@mikro-orm/cli": "*" } }',
      'src/app.module.ts': sampleText('quick-start/app-before-auditing.module.ts'),
      'src/book.ts': sampleText('quick-start/book.ts'),
      'src/books.controller.ts': sampleText('quick-start/books.controller.ts'),
    });
    expect(await init(folder, '--yes', '--driver')).toMatchObject({ code: 0 });
    const formatted = (text: string) => text.replace(/\s+/g, '').replaceAll(',]', ']');
    for (const file of ['app.module.ts', 'mikro-orm.config.ts']) {
      expect(formatted(await readFile(join(folder, 'src', file), 'utf8'))).toBe(
        formatted(sampleText(`quick-start/${file}`)),
      );
    }
    const run = (program: string, ...args: readonly string[]) =>
      runCommand(process.execPath, [join(PROJECT, 'node_modules', program), ...args], {
        cwd: folder,
        env: { BOOKS_DATABASE_URL: database.url, NODE_OPTIONS: '' },
      });
    await run('typescript/bin/tsc');
    await run('@mikro-orm/cli/cli.js', 'migration:create');
    const [migration = ''] = await readdir(join(folder, 'src/migrations')).then((names) =>
      names.filter((name) => name.endsWith('.ts')),
    );
    expect(await readFile(join(folder, 'src/migrations', migration), 'utf8')).toContain(
      'create table "audit_change"',
    );
    await database.drop();
  });

  test('gives the command line a configuration by the name that it has, and leaves one in its own place', async () => {
    const constant = await app(CONSTANT);
    expect(await init(constant, '--yes')).toMatchObject({ code: 0 });
    const [before = ''] = [CONSTANT['src/app.module.ts']];
    expect(await textsOf(constant, CONSTANT)).toMatchObject({
      'src/app.module.ts': before
        .replace(
          "'@nestjs/common';",
          "'@nestjs/common';\nimport { AuditModule, auditEntities } from 'nestjs-mikro-audit';",
        )
        .replace('const options', 'export const options')
        .replace('[Book]', '[Book, ...auditEntities]')
        .replace('(options)', '(options), AuditModule.forRoot()'),
      [CLI_FILE]: CLI_CONFIGURATION.replace('mikroOrmConfig', 'options'),
    });
    const listed = await app({ ...CONSTANT, 'src/app.module.ts': `${before}export { options };\n` });
    expect(await init(listed, '--yes')).toMatchObject({ code: 0 });
    expect(await readFile(join(listed, 'src/app.module.ts'), 'utf8')).toContain('\nconst options');
    const elsewhere = await app(ELSEWHERE);
    expect(await init(elsewhere, '--yes')).toMatchObject({ code: 0 });
    expect(await readFile(join(elsewhere, CLI_FILE), 'utf8')).toBe(
      CLI_CONFIGURATION.replace('mikroOrmConfig', 'database').replace(
        './app.module.js',
        './config/database.js',
      ),
    );
  });

  test('understands what other tools take: remarks and spaces behind an import, a package.json with nothing in it', async () => {
    const text = `import { Module } from '@nestjs/common';
import { MikroOrmModule } from '@mikro-orm/nestjs';
import { PostgreSqlDriver } from '@mikro-orm/postgresql';  // the driver
@Module({ imports: [MikroOrmModule.forRoot({ driver: PostgreSqlDriver, entities: [] })] })
export class AppModule {}
`;
    const folder = await app({
      'package.json': '\uFEFF{}\n',
      'nest-cli.json': '{ // of Nest\n  "sourceRoot": "src",\n}',
      'src/app.module.ts': text,
      'src/main.ts': MAIN.replace('.js', ''),
      'tsconfig.json': TSCONFIG.replace('"NodeNext"', '"ESNext","moduleResolution":"bundler"'),
    });
    expect(await init(folder, '--yes', '--driver')).toMatchObject({ code: 0 });
    const manifest = await readFile(join(folder, 'package.json'), 'utf8');
    expect(JSON.parse(manifest.slice(1))).toMatchObject({ 'mikro-audit': expect.any(Object) });
    expect(await readFile(join(folder, 'src/app.module.ts'), 'utf8')).toContain(
      "import { AuditModule, AuditPostgreSqlDriver, auditEntities } from 'nestjs-mikro-audit';\n",
    );
  });

  test('keeps what else an import brings', async () => {
    const text = moduleWith(
      'MikroOrmModule.forRoot({ driver: PostgreSqlDriver, dbName: name, entities: [] })',
      "import name, { PostgreSqlDriver } from './driver.js';",
    );
    const folder = await app({ 'package.json': '{ "name": "both" }', 'src/app.module.ts': text });
    expect(await init(folder, '--yes', '--driver')).toMatchObject({ code: 0 });
    const written = await readFile(join(folder, 'src/app.module.ts'), 'utf8');
    expect(written).toContain("import name from './driver.js';");
  });
});
