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
import { AuditPostgreSqlDriver, auditEntities, auditPolicy, auditTriggers } from 'nestjs-mikro-audit';

const further = process.env.APP_FURTHER === 'true' ? { pages: p.integer().nullable() } : {};
const BookSchema = defineEntity({
  name: 'Book',
  properties: { id: p.integer().primary(), title: p.string(), ...further },
});
class Book extends BookSchema.class {}
BookSchema.setClass(Book);
const mask = process.env.APP_MASKED === 'true' ? { mask: { title: 'redact' } } : {};

export default defineConfig({
  driver: AuditPostgreSqlDriver,
  discovery: { afterDiscovered: auditTriggers({ policies: [auditPolicy(Book, mask)] }) },
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
  function tryRun(
    command: readonly string[],
    { snapshot = true, further = false, masked = false } = {},
  ): Promise<CommandResult> {
    return tryCommand(process.execPath, [program, ...command], {
      cwd: folder,
      env: {
        APP_DATABASE_URL: database.url,
        APP_FURTHER: String(further),
        APP_MASKED: String(masked),
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
      expect(sql.match(/create or replace trigger "audit_\w+"/g)).toHaveLength(5);
      expect(sql).not.toMatch(/add constraint [^;]* foreign key/);

      expect(await succeed(['migration:up'])).toMatch(/Applied/);
      expect(await succeed(['migration:create'], { snapshot: false })).toMatch(/No changes required/);
      const written = await readdir(join(folder, 'migrations'));
      expect(written.filter((name) => name.endsWith('.cjs'))).toEqual([file]);

      // Each command takes seconds to start, so `npm test` changes the entity and its policy at once.
      const both = { further: true, masked: true };
      for (const change of isSoak ? [{ further: true }, both] : [both]) {
        const again = await succeed(['migration:create'], { snapshot: false, ...change });
        const [name = again] = again.match(/Migration\d+\w*\.cjs/) ?? [];
        const [changed = ''] = (await readFile(join(folder, 'migrations', name), 'utf8')).split(' down()');
        expect(changed.match(/drop trigger if exists/g)).toHaveLength(3);
        expect(changed.match(/create or replace trigger "audit_(?!truncate)\w+"/g)).toHaveLength(3);
        await succeed(['migration:up'], change);
        expect(await succeed(['migration:create'], { snapshot: false, ...change })).toMatch(
          /No changes required/,
        );
      }

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
