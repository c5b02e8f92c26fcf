import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { ensureLibraryBuilt } from '../support/library-build.js';
import { PROJECT, SCRATCH } from '../support/project-paths.js';
import { type CommandResult, tryCommand } from '../support/run-command.js';
import { isSoak } from '../support/soak.js';

const TIMEOUT = 300_000;

/** The configuration of a user's app, in plain JavaScript. */
const CONFIG = `
import { Migrator } from '@mikro-orm/migrations';
import { defineConfig, defineEntity, p } from '@mikro-orm/postgresql';
import { auditEntities } from 'nestjs-mikro-audit';

const Book = defineEntity({
  name: 'Book',
  properties: { id: p.integer().primary(), title: p.string() },
});

export default defineConfig({
  clientUrl: process.env.APP_DATABASE_URL,
  entities: [Book, ...auditEntities],
  extensions: [Migrator],
  migrations: { path: 'migrations', emit: 'cjs', snapshot: process.env.APP_SNAPSHOT !== 'false' },
});
`;

describe("the stock MikroORM CLI in a user's app", () => {
  let folder: string;
  let database: TestDatabase;

  beforeAll(async () => {
    await ensureLibraryBuilt();
    database = await createTestDatabase();
    await mkdir(SCRATCH, { recursive: true });
    // Inside the project, so that the packages resolve as they do in a user's app.
    folder = await mkdtemp(join(SCRATCH, 'cli-'));
    // The CLI refuses to work for an app that does not list it.
    const manifest = { name: 'app', type: 'module', devDependencies: { '@mikro-orm/cli': '*' } };
    await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
    await writeFile(join(folder, 'mikro-orm.config.js'), CONFIG);
  }, TIMEOUT);

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
    await database?.drop();
  });

  const program = join(PROJECT, 'node_modules', '.bin', 'mikro-orm');

  /** With `snapshot: false` the CLI compares with the database itself, else with the file it wrote last time. */
  function tryRun(command: readonly string[], { snapshot = true } = {}): Promise<CommandResult> {
    return tryCommand(process.execPath, [program, ...command], {
      cwd: folder,
      env: {
        APP_DATABASE_URL: database.url,
        APP_SNAPSHOT: String(snapshot),
        MIKRO_ORM_CLI_CONFIG: join(folder, 'mikro-orm.config.js'),
        NO_COLOR: '1',
        NODE_OPTIONS: '',
      },
    });
  }

  /** The output of a command that has to succeed; its error otherwise. */
  async function succeed(...run: Parameters<typeof tryRun>): Promise<string> {
    const { code, output } = await tryRun(...run);
    if (code !== 0) {
      throw new Error(`mikro-orm ${run[0].join(' ')} ended with ${code}: ${output}`);
    }
    return output;
  }

  test(
    'creates the audit tables by a migration, after which there is nothing left to do',
    async () => {
      const created = await succeed(['migration:create']);
      const file = created.match(/Migration\d+\.cjs/)?.[0] ?? created;
      const sql = await readFile(join(folder, 'migrations', file), 'utf8');
      expect(sql).toMatch(/create table "audit_change"/);
      expect(sql).toMatch(/create table "audit_change"/);
      expect(sql).not.toMatch(/foreign key/);

      expect(await succeed(['migration:up'])).toMatch(/Applied/);
      expect(await succeed(['migration:create'], { snapshot: false })).toMatch(/No changes required/);
      const written = await readdir(join(folder, 'migrations'));
      expect(written.filter((name) => name.endsWith('.cjs'))).toEqual([file]);

      // Each command takes seconds to start.
      if (isSoak) {
        expect(await succeed(['migration:check'])).toMatch(/No changes required/);
        expect(await succeed(['migration:check'], { snapshot: false })).toMatch(/No changes required/);
        await succeed(['migration:down']);
        await succeed(['migration:up']);
      }
    },
    TIMEOUT,
  );
});
