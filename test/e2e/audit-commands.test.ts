import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { createApp } from '../../src/create-app.js';
import { createDemoData } from '../../src/database/demo-data.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { PROJECT } from '../support/project-paths.js';
import { type CommandResult, tryCommand } from '../support/run-command.js';

const TIMEOUT = 300_000;
const LOADER = new URL('./typescript-loader.mjs', import.meta.url).href;
const PROGRAM = ['--no-warnings', '--import', LOADER, 'libs/audit/src/cli/main.ts'];

describe('npm run audit:... of the reference app', () => {
  let database: TestDatabase;
  let psql: Client;

  beforeAll(async () => {
    database = await createTestDatabase();
    const app = await createApp({ databaseUrl: database.url });
    await createDemoData(app);
    await app.close();
    psql = new Client(database.url);
    await psql.connect();
  }, TIMEOUT);
  afterAll(async () => {
    await psql?.end();
    await database?.drop();
  });

  /** From the sources, and not from a build. */
  const run = (...args: readonly string[]): Promise<CommandResult> =>
    tryCommand(process.execPath, [...PROGRAM, ...args, '--module', 'src/audit-cli.ts'], {
      cwd: PROJECT,
      env: { DATABASE_URL: database.url, NODE_OPTIONS: '' },
    });

  it(
    'prints a clean report of the demo data',
    async () => {
      const doctor = await run('doctor');
      expect([doctor.code, doctor.stdout]).toEqual([0, expect.stringMatching(/^0 errors, \d+ warnings\.$/m)]);
      const check = await run('check', '--json');
      expect(JSON.parse(check.stdout)).toMatchObject({ findings: [], complete: true });
      expect(check.code).toBe(0);
    },
    TIMEOUT,
  );

  it(
    'names what psql has written with the triggers off',
    async () => {
      await psql.query(`set session_replication_role = replica`);
      await psql.query(`update work_order set title = 'Forged' where id = 1`);
      await psql.query(`alter table work_order disable trigger user`);
      const check = await run('check');
      expect([check.code, check.stdout]).toEqual([
        1,
        expect.stringMatching(/^differs work-order 1\.title: .* found "Forged"/m),
      ]);
      const doctor = await run('doctor');
      expect([doctor.code, doctor.stdout]).toEqual([1, expect.stringMatching(/^error trigger-off /m)]);
    },
    TIMEOUT,
  );
});
