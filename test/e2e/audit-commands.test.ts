import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { type AuditLog, openAuditLog } from '../../src/audit-log/audit-log.js';
import { createApp } from '../../src/create-app.js';
import { createDemoData } from '../../src/database/demo-data.js';
import { filesDir } from '../../src/database/open-database.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { PROJECT } from '../support/project-paths.js';
import { type CommandResult, tryCommand } from '../support/run-command.js';
import { runProgram } from '../support/run-program.js';

const TIMEOUT = 300_000;
const LOADER = new URL('./typescript-loader.mjs', import.meta.url).href;
const PROGRAM = ['--no-warnings', '--import', LOADER, 'libs/audit/src/cli/main.ts'];

describe('npm run audit:... of the reference app', () => {
  let database: TestDatabase;
  let psql: Client;
  let folder: string;
  let log: AuditLog;

  beforeAll(async () => {
    database = await createTestDatabase();
    folder = await mkdtemp(join(tmpdir(), 'audit-commands-'));
    log = await openAuditLog(filesDir(database.url, folder));
    const app = await createApp({ databaseUrl: database.url, evidence: log.evidence });
    await createDemoData(app);
    await app.close();
    psql = new Client(database.url);
    await psql.connect();
  }, TIMEOUT);
  afterAll(async () => {
    await psql?.end();
    await database?.drop();
    await rm(folder, { recursive: true });
  });

  const inApp = (args: readonly string[]) => [...args, '--module', 'src/audit-cli.ts'];
  const settings = () => ({ cwd: PROJECT, env: { DATABASE_URL: database.url, DATA_DIR: folder } });

  const run = (...args: readonly string[]): Promise<CommandResult> => runProgram(inApp(args), settings());

  /** As `run`, in a process of its own. */
  const runProcess = (...args: readonly string[]): Promise<CommandResult> =>
    tryCommand(process.execPath, [...PROGRAM, ...inApp(args)], settings());

  it(
    'prints a clean report of the demo data',
    async () => {
      const doctor = await runProcess('doctor');
      expect([doctor.code, doctor.stdout]).toEqual([0, expect.stringMatching(/^0 errors, \d+ warnings\.$/m)]);
      const check = await run('check', '--json');
      expect(JSON.parse(check.stdout)).toMatchObject({ findings: [], complete: true });
      expect(check.code).toBe(0);
    },
    TIMEOUT,
  );

  it(
    'proves the trail, and names what psql has edited in it',
    async () => {
      const verify = () => run('verify', '--trust', log.trust, '--checkpoint', log.checkpoints);
      expect(await verify()).toMatchObject({ code: 0, stdout: expect.stringMatching(/is what was sealed/) });
      await psql.query(`update audit_change set actor_label = 'Eve' where id = 3`);
      expect(await verify()).toMatchObject({
        code: 1,
        stdout: expect.stringMatching(/^error row-changed .* 2 /m),
      });
      await psql.query(
        `update audit_change set actor_label = (select actor_label from audit_change where id = 4) where id = 3`,
      );
    },
    TIMEOUT,
  );

  it(
    'exports what was asked for, and the whole log, as files that verify without app and database',
    async () => {
      const verify = (file: string) =>
        runProgram(['verify', '--trust', log.trust, '--export', file], { cwd: PROJECT });
      const [some, whole] = [join(folder, 'some.ndjson'), join(folder, 'whole.ndjson')];
      const asked = ['--entity', 'work-order', '--id', '1', '--from', '2020-01-01'];
      const exported = await run('export', '--output', some, ...asked, '--json');
      expect(exported).toMatchObject({ code: 0 });
      const { rows } = JSON.parse(exported.stdout);
      expect(JSON.parse(exported.stdout)).toEqual({ output: some, rows, notCovered: 0, whole: false });
      const { rows: stored } = await psql.query(
        `select count(*)::int as n from audit_change where entity_type = 'work-order' and entity_id = '1'`,
      );
      expect([rows, stored[0].n > 0]).toEqual([stored[0].n, true]);
      const verified = await verify(some);
      expect([verified.code, verified.stdout]).toEqual([
        0,
        expect.stringMatching(
          new RegExp(`^${rows} rows of .* verified, each by the checkpoint of \\d+\\.$`, 'm'),
        ),
      ]);

      expect(await run('export', '-o', whole)).toMatchObject({ code: 0 });
      const { rows: all } = await psql.query('select count(*)::int as n from audit_change');
      expect((await verify(whole)).stdout).toMatch(`${all[0].n} rows of `);
      expect(JSON.parse((await readFile(whole, 'utf8')).split('\n', 1)[0] ?? '')).toMatchObject({
        whole: true,
      });
      expect((await stat(whole)).mode & 0o777).toBe(0o600);

      const text = await readFile(some, 'utf8');
      await writeFile(some, text.replace('work-order', 'work-ordre'));
      expect(await verify(some)).toMatchObject({ code: 1 });
    },
    TIMEOUT,
  );

  it.each([
    [['-o', 'exists.ndjson'], 'is there already'],
    [['-o', 'link.ndjson'], 'is there already'],
    [['-o', 'x.ndjson', '--entity', 'nothing'], 'Nothing is audited under the name nothing'],
    [['-o', 'x.ndjson', '--entity', 'work-order', '--id', '01'], 'is not spelled as in the trail'],
    [['-o', 'x.ndjson', '--from', 'yesterday'], '"yesterday" is no time'],
  ])('refuses to export %p, and leaves no file', async ([, file = '', ...args], message) => {
    await writeFile(join(folder, 'exists.ndjson'), '');
    await rm(join(folder, 'link.ndjson'), { force: true });
    await symlink(join(folder, 'nowhere'), join(folder, 'link.ndjson'));
    const { code, output } = await run('export', '--output', join(folder, file), ...args);
    expect([code, output]).toEqual([2, expect.stringContaining(message)]);
    expect((await readdir(folder)).filter((name) => /^x\.|\.part$/.test(name))).toEqual([]);
  });

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
