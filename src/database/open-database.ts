import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isRunning, readOwner } from './cluster-owner.js';
import { type EmbeddedDatabase, projectDataDir, startEmbeddedDatabase } from './embedded-database.js';

const PROJECT = resolve(import.meta.dirname, '..', '..');
const DATABASE = 'work_orders';
/** In `postmaster.pid`, from 0. */
const LINE_OF_PORT = 3;

/** The server of DATABASE_URL, else the embedded one, which keeps its data in DATA_DIR or beside the project. */
export async function openDatabase(): Promise<EmbeddedDatabase> {
  const given = givenUrl();
  if (given) return { url: given, stop: async () => {} };
  const server = await startEmbeddedDatabase({ persistent: true, dataDir: dataDir() });
  const url = new URL(server.url);
  url.pathname = `/${DATABASE}`;
  return { url: url.href, stop: server.stop };
}

/** The same for a command beside the app: a server that `npm start` has running is used as it is. */
export async function joinDatabase(): Promise<EmbeddedDatabase> {
  const home = dataDir();
  const owner = givenUrl() ? null : await readOwner(home);
  if (!owner || !isRunning(owner)) return openDatabase();
  const [password, lines] = await Promise.all([
    readFile(join(home, 'password'), 'utf8'),
    readFile(join(home, 'cluster', 'postmaster.pid'), 'utf8'),
  ]);
  const port = lines.split('\n')[LINE_OF_PORT];
  return {
    url: `postgresql://postgres:${password.trim()}@127.0.0.1:${port}/${DATABASE}`,
    stop: async () => {},
  };
}

/**
 * Where the app keeps files that belong to its database: beside the embedded one, in a folder for each other one.
 * @param databaseUrl undefined for the embedded one
 */
export function filesDir(databaseUrl = givenUrl(), dataFolder = dataDir()): string {
  if (databaseUrl === undefined) return dataFolder;
  const { host, pathname } = new URL(databaseUrl);
  return join(dataFolder, 'databases', encodeURIComponent(`${host}${pathname}`));
}

function givenUrl(): string | undefined {
  return process.env.DATABASE_URL;
}

function dataDir(): string {
  return process.env.DATA_DIR ?? projectDataDir(PROJECT);
}
