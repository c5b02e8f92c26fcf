import { join } from 'node:path';
import pg from 'pg';

/** Durability is not under test, speed is wanted; `max_prepared_transactions` lets tests leave a transaction in doubt. */
const SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '200',
  max_wal_size: '256MB',
  max_prepared_transactions: '10',
  log_min_duration_statement: '-1',
};

/** Gives the whole run one server: the one of DATABASE_URL, else a temporary embedded one. */
export default async function globalSetup() {
  const [major = 0] = process.versions.node.split('.').map(Number);
  if (major < 24) {
    throw new Error(
      `The tests need Node 24, this is ${process.version} (${process.execPath}). Run them through "npm test", which ` +
        'takes node_modules/.bin/node; if that is missing, run "npm ci" without --ignore-scripts.',
    );
  }
  // Processes that suites start load the same code again and again.
  process.env.NODE_COMPILE_CACHE ??= join(process.cwd(), 'tmp', 'compile-cache');
  if (process.env.DATABASE_URL) {
    await assertUsable(process.env.DATABASE_URL);
    process.env.AUDIT_TEST_DATABASE_URL = process.env.DATABASE_URL;
    return;
  }
  await import('../e2e/typescript-loader.mjs');
  const { startEmbeddedDatabase, sweepStaleClusters } = await import(
    '../../src/database/embedded-database.ts'
  );
  await sweepStaleClusters();
  const database = await startEmbeddedDatabase({
    persistent: false,
    inMemory: process.env.AUDIT_SOAK === undefined,
    settings: SETTINGS,
  });
  process.env.AUDIT_TEST_DATABASE_URL = database.url;
  globalThis.auditTestDatabase = database;
}

/** One clear error instead of one per suite. */
async function assertUsable(databaseUrl) {
  const client = new pg.Client({ connectionString: databaseUrl });
  try {
    await client.connect();
    const { rows } = await client.query(
      'select rolcreatedb or rolsuper as allowed from pg_roles where rolname = current_user',
    );
    if (rows[0]?.allowed !== true) {
      throw new Error('its user may not create databases, and every suite has one of its own');
    }
  } catch (error) {
    throw new Error(`DATABASE_URL is set, but cannot be used for the tests: ${error.message}`, {
      cause: error,
    });
  } finally {
    await client.end().catch(() => undefined);
  }
}
