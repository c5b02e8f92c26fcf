import { resolve } from 'node:path';
import { createApp } from './create-app.js';
import { createDemoData } from './database/demo-data.js';
import {
  type EmbeddedDatabase,
  projectDataDir,
  startEmbeddedDatabase,
} from './database/embedded-database.js';
import { freePort } from './http/free-port.js';
import { onShutdown } from './shutdown.js';
import { welcome } from './welcome.js';

const PROJECT = resolve(import.meta.dirname, '..');

const { DATABASE_URL, DATA_DIR, HOST = '127.0.0.1', PORT = '3000' } = process.env;

/** The server of DATABASE_URL, else the embedded one, which keeps its data in DATA_DIR or beside the project. */
async function openDatabase(): Promise<EmbeddedDatabase> {
  if (DATABASE_URL) return { url: DATABASE_URL, stop: async () => {} };
  const server = await startEmbeddedDatabase({
    persistent: true,
    dataDir: DATA_DIR ?? projectDataDir(PROJECT),
  });
  const url = new URL(server.url);
  url.pathname = '/work_orders';
  return { url: url.href, stop: server.stop };
}

/** Starts everything and returns how to stop it: the app first, its last requests still need the database. */
async function start(): Promise<() => Promise<void>> {
  const database = await openDatabase();
  try {
    const app = await createApp({ databaseUrl: database.url });
    await createDemoData(app);
    await app.listen(await freePort(Number(PORT), HOST), HOST);
    console.log(welcome(await app.getUrl()));
    return async () => {
      await app.close();
      await database.stop();
    };
  } catch (error) {
    await database.stop();
    throw error;
  }
}

const running = start();
onShutdown(() => void running.then((stop) => stop()));
await running;
