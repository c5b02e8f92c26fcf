import pg from 'pg';
import { startEmbeddedDatabase } from '../../src/database/embedded-database.js';

/** The PostgreSQL server of one run. */
export interface BenchServer {
  readonly settings: Readonly<Record<string, string>>;
  readonly version: string;
  /** Creates an empty database and returns its URL. */
  createDatabase(name: string): Promise<string>;
  stop(): Promise<void>;
}

/** Everything that comes in between at random is off: checkpoints, vacuum, full pages after a checkpoint. */
const QUIET = {
  autovacuum: 'off',
  full_page_writes: 'off',
  max_wal_size: '16GB',
  checkpoint_timeout: '1h',
  max_connections: '100',
};

export async function startBenchServer(settings: Readonly<Record<string, string>>): Promise<BenchServer> {
  const all = { ...QUIET, ...settings };
  const embedded = await startEmbeddedDatabase({ persistent: false, settings: all });
  try {
    const { rows } = await runSql(embedded.url, 'show server_version');
    const version = String(rows[0]?.server_version);
    return {
      settings: all,
      version,
      stop: () => embedded.stop(),
      async createDatabase(name) {
        await runSql(embedded.url, `create database ${pg.escapeIdentifier(name)}`);
        const url = new URL(embedded.url);
        url.pathname = `/${name}`;
        return url.href;
      },
    };
  } catch (error) {
    await embedded.stop();
    throw error;
  }
}

/** Runs SQL on a connection of its own. */
export async function runSql(url: string, sql: string): Promise<pg.QueryResult<Record<string, unknown>>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}
