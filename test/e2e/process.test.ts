import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, describe, expect, it } from '@jest/globals';
import { projectDataDir } from '../../src/database/embedded-database.js';

const root = resolve(import.meta.dirname, '../..');
const project = join(tmpdir(), `nestjs-mikro-audit-process-${randomBytes(4).toString('hex')}`);
const dataDir = projectDataDir(project);

interface RunningApp {
  readonly process: ChildProcess;
  /** Everything it printed so far. */
  readonly output: () => string;
  readonly exit: Promise<number | null>;
  readonly url: string;
}

const loader = new URL('./typescript-loader.mjs', import.meta.url).href;
const direct = [process.execPath, '--import', loader, 'src/main.ts'];
/** npm runs a script in a shell. */
const inShell = ['sh', '-c', '"$@"; exit $?', 'sh', ...direct];

/** Runs src/main.ts as `npm start` runs its build, on data of its own; resolves when it is listening. */
async function startApp([command = '', ...parameters] = direct, port = 0): Promise<RunningApp> {
  const { DATABASE_URL: _, ...env } = process.env;
  const child = spawn(command, parameters, {
    cwd: root,
    env: { ...env, npm_lifecycle_event: 'start', NODE_OPTIONS: '', PORT: String(port), DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const exit = new Promise<number | null>((done) => child.once('exit', done));
  const url = await new Promise<string>((done, fail) => {
    const read = (text: Buffer): void => {
      output += text;
      const found = /^Work orders\s+(http\S+)[\s\S]*\/history/m.exec(output)?.[1];
      if (found) done(found);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    void exit.then((code) => fail(new Error(`The app ended with ${code}:\n${output}`)));
  });
  return { process: child, output: () => output, exit, url };
}

async function workOrder(
  app: RunningApp,
  method: 'GET' | 'PATCH',
  body?: object,
): Promise<{ title: string }> {
  const response = await fetch(`${app.url}/work-orders/1`, {
    method,
    headers: { authorization: 'Bearer demo-token-anna', 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  expect(response.status).toBe(200);
  return (await response.json()) as { title: string };
}

const postmasterFile = join(dataDir, 'cluster', 'postmaster.pid');
const serverPid = (): number => Number.parseInt(readFileSync(postmasterFile, 'utf8'), 10);

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** An orphan that has ended is seen until the init process takes notice of it. */
async function ended(pid: number): Promise<boolean> {
  for (let attempt = 0; attempt < 100 && isAlive(pid); attempt++) await setTimeout(50);
  return !isAlive(pid);
}

// With DATABASE_URL there is no server of ours that could be left behind.
(process.env.DATABASE_URL ? describe.skip : describe)('the process of the app', () => {
  let app: RunningApp | undefined;

  afterAll(async () => {
    app?.process.kill('SIGTERM');
    await app?.exit;
    await rm(dataDir, { recursive: true, force: true });
    await rm(project, { recursive: true, force: true });
  });

  it('prints only its address and examples to try, and ends with its database on SIGTERM', async () => {
    app = await startApp();
    expect(app.output().match(/^curl /gm)).toHaveLength(3);
    expect(app.output()).not.toMatch(/warn|error/i);
    await workOrder(app, 'PATCH', { title: 'kept' });
    const server = serverPid();
    app.process.kill('SIGTERM');
    expect(await app.exit).toBe(0);
    expect([existsSync(postmasterFile), isAlive(server)]).toEqual([false, false]);
  });

  it('says in one line that another one uses its data, and leaves that one alone', async () => {
    app = await startApp();
    const second = await startApp().catch((error: Error) => error.message);
    expect(second).toMatch(
      /^The app ended with 1:\nStarting the database\.\.\.\nProcess \d+ already uses the database in \S+ Stop it first, or set DATABASE_URL\.\n$/,
    );
    await workOrder(app, 'GET');
    app.process.kill('SIGTERM');
    await app.exit;
  });

  it('says why it is not on the port that was asked for', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    app = await startApp(direct, port);
    const { port: its } = new URL(app.url);
    expect(app.output()).toContain(
      `Something else uses port ${port}, so the app is on ${its}. PORT names another one.`,
    );
    other.close();
    app.process.kill('SIGTERM');
    await app.exit;
  });

  it('keeps its data, and stops the server that a killed one left behind', async () => {
    app = await startApp();
    expect((await workOrder(app, 'GET')).title).toBe('kept');
    await workOrder(app, 'PATCH', { title: 'kept after a kill' });
    const orphan = serverPid();
    app.process.kill('SIGKILL');
    await app.exit;
    expect(isAlive(orphan)).toBe(true);

    app = await startApp();
    expect((await workOrder(app, 'GET')).title).toBe('kept after a kill');
    const server = serverPid();
    expect(server).not.toBe(orphan);
    expect(await ended(orphan)).toBe(true);
    app.process.kill('SIGINT');
    expect(await app.exit).toBe(0);
    expect(isAlive(server)).toBe(false);
  });

  it('ends with its database when only the shell of npm is killed', async () => {
    app = await startApp(inShell);
    const server = serverPid();
    app.process.kill('SIGKILL');
    await app.exit;
    expect(await ended(server)).toBe(true);
    expect(existsSync(postmasterFile)).toBe(false);
  });
});
