import { openAuditLog } from './audit-log/audit-log.js';
import { createApp } from './create-app.js';
import { createDemoData } from './database/demo-data.js';
import { filesDir, openDatabase } from './database/open-database.js';
import { StartError } from './database/start-error.js';
import { freePort } from './http/free-port.js';
import { onShutdown } from './shutdown.js';
import { welcome } from './welcome.js';

const { HOST = '127.0.0.1', PORT = '3000' } = process.env;

/** Starts everything and returns how to stop it: the app first, its last requests still need the database. */
async function start(): Promise<() => Promise<void>> {
  console.log('Starting the database...');
  const database = await openDatabase();
  try {
    const log = await openAuditLog(filesDir());
    console.log('Starting the app...');
    const app = await createApp({ databaseUrl: database.url, evidence: log.evidence });
    await createDemoData(app);
    await app.listen(await freePort(Number(PORT), HOST), HOST);
    console.log(welcome(await app.getUrl(), Number(PORT), log));
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
onShutdown(
  () =>
    void running.then(
      (stop) => stop(),
      () => undefined,
    ),
);
try {
  await running;
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
