import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { MikroORM } from '@mikro-orm/postgresql';
import pg from 'pg';
import { type EmbeddedDatabase, startEmbeddedDatabase } from '../../../src/database/embedded-database.js';
import { installOracle } from '../../oracle/oracle.js';
import { testOrmOptions } from '../../support/orm.js';
import { isSoak } from '../../support/soak.js';
import { shapeEntities } from './flush-shapes.js';

const ROUNDS = 24;
/** Rounds have ids of their own. */
const IDS = 200_000;
const loader = new URL('../../e2e/typescript-loader.mjs', import.meta.url).href;
const program = fileURLToPath(new URL('./writer-process.ts', import.meta.url));

/** Lost in a round, in the middle of the work of all lanes. */
const LOSSES = ['the process', 'the server', 'the connections'] as const;

async function startWriter(url: string, round: number): Promise<ChildProcess> {
  const args = [url, String(round * IDS), String(round % 2 === 1)];
  const child = spawn(process.execPath, ['--no-warnings', '--import', loader, program, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.stdout) {
    await once(child.stdout, 'data');
  }
  return child;
}

/** The signal of `pg_ctl stop -m immediate`: the server aborts at once, and recovers when it starts. */
async function stopAtOnce(folder: string, database: EmbeddedDatabase): Promise<EmbeddedDatabase> {
  const [pid] = readFileSync(join(folder, 'cluster', 'postmaster.pid'), 'utf8').split('\n');
  process.kill(Number(pid), 'SIGQUIT');
  while (isRunning(Number(pid))) {
    await pause(20);
  }
  await database.stop();
  return startServer(folder);
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function startServer(folder: string): Promise<EmbeddedDatabase> {
  return startEmbeddedDatabase({ persistent: true, dataDir: folder, settings: { fsync: 'off' } });
}

async function query(url: string, sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** A killed client may still have a statement on the way. */
async function untilNobodyWrites(url: string): Promise<void> {
  const others = `select 1 from pg_stat_activity where datname = current_database()
    and pid <> pg_backend_pid() and backend_type = 'client backend'`;
  while ((await query(url, others)).length > 0) {
    await pause(20);
  }
}

async function verify(url: string, resumes: boolean): Promise<void> {
  const orm = await MikroORM.init(testOrmOptions({ url, entities: shapeEntities }));
  if (!resumes) {
    await orm.schema.create();
  }
  const oracle = await installOracle(orm, { entities: shapeEntities, resumes });
  try {
    await oracle.verify();
  } finally {
    await oracle.close();
    await orm.close(true);
  }
}

(isSoak ? describe : describe.skip)('a trail whose writers and server are killed while they write', () => {
  it(
    'has every committed change once, and nothing half done',
    async () => {
      const folder = mkdtempSync('/tmp/audit-killed-writers-');
      let database = await startServer(folder);
      const counts = { 'the process': 0, 'the server': 0, 'the connections': 0 };
      try {
        await verify(database.url, false);
        // The truth has to outlive the server.
        await query(database.url, 'alter table shadow.truth set logged');
        for (let round = 1; round <= ROUNDS; round += 1) {
          const writer = await startWriter(database.url, round);
          const exited = once(writer, 'exit');
          await pause(300 + Math.random() * 1_500);
          const loss = LOSSES[round % LOSSES.length] ?? 'the process';
          counts[loss] += 1;
          if (loss === 'the process') {
            writer.kill('SIGKILL');
          } else if (loss === 'the server') {
            database = await stopAtOnce(folder, database);
          } else {
            await query(
              database.url,
              'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()',
            );
          }
          writer.kill('SIGKILL');
          await exited;
          await untilNobodyWrites(database.url);
          await verify(database.url, true);
        }
        const [trail] = await query(
          database.url,
          `select count(*)::int as changes, count(distinct coalesce(revision_id, id))::int as revisions from audit_change`,
        );
        process.stderr.write(`\n${JSON.stringify({ ...trail, ...counts })}\n`);
        expect(Number(trail?.changes)).toBeGreaterThan(ROUNDS * 100);
      } finally {
        await database.stop();
        rmSync(folder, { recursive: true, force: true });
      }
    },
    60 * 60_000,
  );
});
