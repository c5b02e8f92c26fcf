import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { AuditHttpModule } from 'nestjs-mikro-audit/http';
import { Client } from 'pg';
import { Topic } from '../../support/fixtures/law-firm.js';
import { ADAPTERS, createLawFirmApp, EVERYTHING, HeaderPolicy, type LawFirmApp } from './law-firm-app.js';
import { expectProblem } from './requests.js';

const ACCESS = { 'x-access': JSON.stringify(EVERYTHING) };

describe.each(ADAPTERS)('a reader on %s', (adapter) => {
  let firm: LawFirmApp;
  let blocker: Client;

  beforeAll(async () => {
    // Long, so that nothing but a client who leaves can end a statement.
    const limits = { eventStreams: 2, exports: 1, readMilliseconds: 600_000, exportMilliseconds: 600_000 };
    firm = await createLawFirmApp(adapter, { http: { limits } });
    const em = firm.orm.em.fork();
    em.create(Topic, { name: 'any' });
    await em.flush();
    blocker = new Client({ connectionString: firm.url });
    await blocker.connect();
  });
  afterAll(async () => {
    await blocker?.end();
    await firm?.close();
  });
  afterEach(() => blocker.query('rollback'));

  const lock = () => blocker.query('begin; lock table audit_change in access exclusive mode');

  it.each(['/export/manifest', '/changes', '/activity?from=2000-01-01T00:00:00Z', '/export'])(
    'who leaves ends what the server does for %s',
    async (path) => {
      await lock();
      const stop = new AbortController();
      const headers = { ...ACCESS, connection: 'close' };
      const answer = fetch(firm.base + path, { headers, signal: stop.signal });
      await waiting(blocker, 1);
      stop.abort();
      await expect(answer).rejects.toThrow();
      // The lock is still held: only a cancelled statement waits for it no more.
      await waiting(blocker, 0);
    },
    20_000,
  );

  it('may run only so many exports at a time', async () => {
    await lock();
    const running = fetch(`${firm.base}/export/manifest`, { headers: ACCESS });
    await waiting(blocker, 1);
    for (const path of ['/export', '/export/manifest']) {
      expectProblem(await firm.get(path), 429, undefined);
    }
    await blocker.query('commit');
    expect((await running).status).toBe(200);
    expect((await firm.get('/export/manifest')).status).toBe(200);
    expect((await firm.download('/export')).text).toContain('manifest');
    // A stream is closed a moment after its end has been read.
    await until(async () => (await firm.get('/export/manifest')).status === 200);
  });

  it('may follow only so many streams at a time', async () => {
    const open = async () => {
      const stop = new AbortController();
      const { status } = await fetch(`${firm.base}/events`, { headers: ACCESS, signal: stop.signal });
      return { status, stop };
    };
    const [first, second, third] = [await open(), await open(), await open()];
    expect([first.status, second.status, third.status]).toEqual([200, 200, 429]);
    first.stop.abort();
    await until(async () => {
      const again = await open();
      again.stop.abort();
      return again.status === 200;
    });
    second.stop.abort();
  });
});

describe('a reader who asks for too much', () => {
  it.each(['/changes', '/coverage', '/events'])(
    'of %s is told so, and the server works no more',
    async (path) => {
      const limits = { readMilliseconds: 100 };
      const firm = await createLawFirmApp('express', { http: { limits, recordTrailReads: false } });
      const blocker = new Client({ connectionString: firm.url });
      await blocker.connect();
      try {
        await blocker.query('begin; lock table audit_change in access exclusive mode');
        const response = await firm.get(path);
        expectProblem(response, 422, undefined);
        expect(response.body).toMatchObject({
          code: 'AUDIT_QUERY_TIMEOUT',
          detail: expect.stringContaining('Narrow it'),
        });
        await waiting(blocker, 0);
        await blocker.query('rollback');
        expect((await firm.get('/changes')).status).toBe(200);
        const [setting] = await firm.orm.em.getConnection().execute('show statement_timeout');
        expect(setting).toEqual({ statement_timeout: '0' });
      } finally {
        await blocker.end();
        await firm.close();
      }
    },
  );

  it.each(['/events', '/export'])('has nothing open at %s once that is refused', async (path) => {
    const limits = { eventStreams: 1, exports: 1 };
    const firm = await createLawFirmApp('express', { options: { requireActor: true }, http: { limits } });
    try {
      for (let attempt = 0; attempt < 3; attempt += 1) {
        // The reader is nobody, which is noticed when the request is recorded.
        expectProblem(await firm.get(path), 403, undefined);
      }
    } finally {
      await firm.close();
    }
  });

  it.each([
    [{ readMilliseconds: 0 }, 'readMilliseconds'],
    [{ eventStreams: 1.5 }, 'eventStreams'],
    [{ exports: Number.NaN }, 'exports'],
    [{ requests: 3 }, 'requests'],
  ])('has no limits such as %j', (limits, name) => {
    expect(() => AuditHttpModule.forRoot({ access: new HeaderPolicy(), limits: limits as object })).toThrow(
      name,
    );
  });
});

/** Until so many statements wait for a lock. */
async function waiting(client: Client, statements: number): Promise<void> {
  await until(async () => {
    const { rows } = await client.query('select 1 from pg_locks where not granted');
    return rows.length === statements;
  });
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
