import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { sequenced } from '../../support/sequenced.js';
import { bootSequenceApp } from './sequence-app.js';
import { INSERT_CHANGE, useSequence } from './use-sequence.js';

const PGBOUNCER = '/usr/sbin/pgbouncer';
const NOBODY = 65_534;
const TIMEOUT = 60_000;

/** Without Debian's package pgbouncer there is none to run behind. */
const describeWithPgBouncer = existsSync(PGBOUNCER) ? describe : describe.skip;

describeWithPgBouncer('a sequencer behind PgBouncer', () => {
  const suite = useSequence();
  const undo: (() => unknown)[] = [];
  afterEach(async () => {
    jest.restoreAllMocks();
    for (const step of undo.splice(0)) {
      await step();
    }
  });

  /** @returns the URL of the database behind a pooler that hands out connections for as long as it is said */
  const pooled = async (mode: 'transaction' | 'session'): Promise<string> => {
    const url = new URL(suite.url);
    const folder = mkdtempSync(join(tmpdir(), 'audit-pgbouncer-'));
    const port = await freePort();
    const [name, user, password] = [url.pathname.slice(1), url.username, decodeURIComponent(url.password)];
    writeFileSync(
      join(folder, 'pgbouncer.ini'),
      `[databases]
${name} = host=${url.hostname} port=${url.port || 5432} user=${user} password=${password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = ${mode}
`,
    );
    // It refuses to run as root.
    const isRoot = process.getuid?.() === 0;
    const own = isRoot ? { uid: NOBODY } : {};
    spawnSync('chmod', ['-R', 'a+rX', folder]);
    const pooler = spawn(PGBOUNCER, [join(folder, 'pgbouncer.ini')], { stdio: 'ignore', ...own });
    undo.push(
      () => pooler.kill('SIGKILL'),
      () => rmSync(folder, { recursive: true }),
    );
    while (!(await answers(port))) {
      await pause(50);
    }
    url.host = `127.0.0.1:${port}`;
    return url.href;
  };

  it(
    'refuses to run in transaction mode, also where nobody else asks',
    async () => {
      const told = new Promise((resolve) => {
        jest.spyOn(Logger.prototype, 'warn').mockImplementation((text) => {
          if (/not always the same session/.test(String(text))) {
            resolve(text);
          }
        });
      });
      const app = await bootSequenceApp(await pooled('transaction'));
      undo.unshift(() => app.close());
      expect(await told).toMatch(/with a direct connection/);
      const { rows } = await suite.client.query('select count(*)::int as ticks from audit_tick');
      expect(rows).toEqual([{ ticks: 0 }]);
    },
    TIMEOUT,
  );

  it(
    'runs in session mode',
    async () => {
      const app = await bootSequenceApp(await pooled('session'));
      undo.unshift(() => app.close());
      await suite.client.query(INSERT_CHANGE, ['1', 1]);
      await sequenced(app);
      expect(await suite.order()).toEqual(['1:1']);
    },
    TIMEOUT,
  );
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true));
    socket.on('error', () => resolve(false));
    socket.on('connect', () => socket.end());
  });
}
