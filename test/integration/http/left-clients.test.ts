import { once } from 'node:events';
import type { Server, Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { Topic } from '../../support/fixtures/law-firm.js';
import { ADAPTERS, createLawFirmApp, EVERYTHING, type LawFirmApp } from './law-firm-app.js';

/** More than three batches of an export. */
const CHANGES = 1_600;

describe.each(ADAPTERS)('a client that has left on %s', (adapter) => {
  let firm: LawFirmApp;
  let blocker: Client;

  beforeAll(async () => {
    firm = await createLawFirmApp(adapter);
    const em = firm.orm.em.fork();
    for (let at = 0; at < CHANGES; at += 1) {
      em.create(Topic, { name: `topic ${at}` });
    }
    await em.flush();
    blocker = new Client({ connectionString: firm.url });
    await blocker.connect();
  });
  afterAll(async () => {
    await blocker?.end();
    await firm?.close();
  });

  it('makes the server stop summing up an export', async () => {
    await blocker.query('begin; lock table audit_change in access exclusive mode');
    firm.statements.take();
    const connected = once(firm.app.getHttpServer() as Server, 'connection');
    const stop = new AbortController();
    const headers = { 'x-access': JSON.stringify(EVERYTHING), connection: 'close' };
    const answer = fetch(`${firm.base}/export/manifest`, { headers, signal: stop.signal });
    const [socket] = (await connected) as [Socket];
    const closed = once(socket, 'close');
    await waiting(blocker);
    stop.abort();
    await expect(answer).rejects.toThrow();
    await closed;
    await blocker.query('commit');
    // Recorded when the handler has ended, as any read.
    while ((await firm.reader.revisions({ action: 'audit.export-manifest' })).items.length === 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    const batches = firm.statements.take().filter((text) => text.startsWith('select page.*'));
    expect(batches).toHaveLength(1);
  });
});

/** Until a statement of another connection waits for the lock. */
async function waiting(client: Client): Promise<void> {
  for (;;) {
    const { rows } = await client.query('select 1 from pg_locks where not granted');
    if (rows.length > 0) {
      return;
    }
  }
}
