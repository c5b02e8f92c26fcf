import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sampleText } from '../docs/markdown.js';
import { createTestDatabase } from '../support/database.js';
import { ensureLibraryBuilt } from '../support/library-build.js';
import { LIBRARY, PROJECT, SCRATCH } from '../support/project-paths.js';
import { runCommand, tryCommand } from '../support/run-command.js';

const TIMEOUT = 300_000;

const CLI_FILE = 'src/mikro-orm.config.ts';

type Files = Readonly<Record<string, string>>;

const BOOK = `import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Audited } from 'nestjs-mikro-audit';

@Audited({ name: 'book' })
@Entity()
export class Book {
  @PrimaryKey({ type: 'integer' }) id!: number;
  @Property({ type: 'string' }) title!: string;
}
`;

const MAIN = `import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';

void NestFactory.create(AppModule).then((app) => app.listen(3000));
`;

const TSCONFIG = JSON.stringify({
  compilerOptions: {
    target: 'ES2022',
    module: 'NodeNext',
    strict: true,
    noUnusedLocals: true,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
    rootDir: 'src',
    outDir: 'dist',
    types: ['node'],
    skipLibCheck: true,
  },
  include: ['src'],
});

function moduleWith(call: string, imports = ''): string {
  return `import { MikroOrmModule } from '@mikro-orm/nestjs';
import { Module } from '@nestjs/common';
${imports}
@Module({ imports: [${call}] })
export class AppModule {}
`;
}

const INLINE: Files = {
  'package.json': '{\n  "name": "inline",\n  "type": "module"\n}\n',
  'src/app.module.ts': `import { MikroOrmModule } from '@mikro-orm/nestjs';
import { PostgreSqlDriver } from '@mikro-orm/postgresql';
import { Module } from '@nestjs/common';
import { Book } from './book.js';

@Module({
  imports: [
    // The database of the shop. To come: AuditModule.forRoot()
    MikroOrmModule.forRoot({
      driver: PostgreSqlDriver,
      clientUrl: process.env.DATABASE_URL ?? '',
      entities: [Book],
    }),
  ],
})
export class AppModule {}
`,
};

const INLINE_AFTER = `import { MikroOrmModule, type MikroOrmModuleSyncOptions } from '@mikro-orm/nestjs';
import { Module } from '@nestjs/common';
import { AuditModule, AuditPostgreSqlDriver, auditEntities } from 'nestjs-mikro-audit';
import { Book } from './book.js';

export const mikroOrmConfig: MikroOrmModuleSyncOptions = {
  driver: AuditPostgreSqlDriver,
  clientUrl: process.env.DATABASE_URL ?? '',
  entities: [Book, ...auditEntities],
};

@Module({
  imports: [
    // The database of the shop. To come: AuditModule.forRoot()
    MikroOrmModule.forRoot(mikroOrmConfig),
    AuditModule.forRoot(),
  ],
})
export class AppModule {}
`;

const CLI_CONFIGURATION = `// For the command line of MikroORM, such as: npx mikro-orm migration:create
export { mikroOrmConfig as default } from './app.module.js';
`;

/** A constant that is not exported, with the comment of the module before it. */
const CONSTANT: Files = {
  'package.json': '{ "name": "constant", "type": "module", "mikro-orm": {} }',
  'src/app.module.ts': moduleWith(
    'MikroOrmModule.forRoot(options)',
    "import { Book } from './book.js';\n\n/** The database. */\nconst options = { dbName: 'books', entities: [Book] };\n",
  ),
};

/** The configuration has a file, which is not that of the command line. */
const ELSEWHERE: Files = {
  'package.json': '{ "name": "elsewhere", "type": "module" }',
  'src/config/database.ts': `import { Book } from '../book.js';

export const database = { dbName: 'books', entities: [Book] };
`,
  'src/app.module.ts': moduleWith(
    'MikroOrmModule.forRoot(books)',
    "import { database as books } from './config/database.js';\n",
  ),
};

const SEPARATE: Files = {
  'package.json': '{ "name": "separate", "type": "module" }',
  'src/mikro-orm.config.ts': `import { defineConfig } from "@mikro-orm/postgresql"
import { Book } from "./book.js"

const entities = [Book]
export default defineConfig({ dbName: "books", entities })
`,
  'src/database.module.ts': moduleWith(
    'MikroOrmModule.forRoot(config)',
    "import config from './mikro-orm.config.js';\n",
  ).replace('AppModule', 'DatabaseModule'),
  'src/app.module.ts': `import { Module } from "@nestjs/common"
import { DatabaseModule } from "./database.module.js"

@Module({ imports: [DatabaseModule] })
export class AppModule {}
`,
};

const COMMON_JS: Files = {
  'package.json': '{\n\t"name": "common-js",\n\t"mikro-audit": { "module": "./dist/other.js" }\n}',
  'src/app.module.ts': moduleWith(
    `
    MikroOrmModule.forRootAsync({
      driver: PostgreSqlDriver,
      useFactory: () => ({ driver: PostgreSqlDriver, dbName: 'books', autoLoadEntities: true }),
    }),
    MikroOrmModule.forFeature([Book]),
  `,
    "import { PostgreSqlDriver } from '@mikro-orm/postgresql';\nimport { Book } from './book.js';\n",
  ),
};

describe('mikro-audit init', () => {
  const folders: string[] = [];

  beforeAll(ensureLibraryBuilt, TIMEOUT);

  afterAll(async () => {
    await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
  });

  /** Inside the project, so that the packages resolve as they do in a user's app. */
  async function app(files: Files): Promise<string> {
    await mkdir(SCRATCH, { recursive: true });
    const folder = await mkdtemp(join(SCRATCH, 'init-'));
    folders.push(folder);
    const all = { 'tsconfig.json': TSCONFIG, 'src/main.ts': MAIN, 'src/book.ts': BOOK, ...files };
    for (const [name, text] of Object.entries(all)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
    return folder;
  }

  const init = (cwd: string, ...args: readonly string[]) =>
    tryCommand(process.execPath, [join(LIBRARY, 'dist/cli/main.js'), 'init', ...args], {
      cwd,
      env: { NODE_OPTIONS: '', NO_COLOR: '1' },
    });

  const textsOf = async (folder: string, files: Files): Promise<Files> => {
    const names = [...Object.keys(files), 'src/book.ts', 'src/main.ts', CLI_FILE];
    const texts = names
      .filter((name) => existsSync(join(folder, name)))
      .map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const);
    return Object.fromEntries(await Promise.all(texts));
  };

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
