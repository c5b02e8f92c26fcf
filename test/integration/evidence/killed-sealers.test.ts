import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { checkpointFolder } from 'nestjs-mikro-audit';
import { isSoak } from '../../support/soak.js';
import { NO_FAULT, orderFaults } from '../sequence/given-order.js';
import { KilledLeaders } from '../sequence/killed-leaders.js';
import { OrderWriter, ROWS } from '../sequence/order-writers.js';
import { useSequence } from '../sequence/use-sequence.js';
import { covered, evidence, newKey, ORIGIN, trustIn, verifyAll } from './sealing-app.js';

const WRITERS = 6;
/** Ten minutes in a soak. */
const SECONDS = isSoak ? 600 : 5;
const KILL_EVERY = isSoak ? 3_000 : 700;
const KEY = newKey();

describe('a log', () => {
  const suite = useSequence();
  let folder = '';
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'audit-killed-'));
    await suite.client.query('insert into counted (id) select generate_series(1, $1::int)', [ROWS]);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it(
    `is whole, and all that it has published agrees, where who seals and publishes is killed (${SECONDS} s)`,
    async () => {
      const leaders = await KilledLeaders.start([suite.url, folder, KEY], 2);
      const killing = new AbortController();
      const killed = leaders.killEvery(KILL_EVERY, killing.signal);
      try {
        const ending = AbortSignal.timeout(SECONDS * 1_000);
        const writers = Array.from({ length: WRITERS }, () => new OrderWriter(suite.url));
        await Promise.all(writers.map((writer) => writer.run(ending)));
        killing.abort();
        await killed;
        await leaders.end();
        const committed = writers.reduce((sum, writer) => sum + writer.committed, 0);
        await covered(await suite.boot({ evidence: evidence([KEY], checkpointFolder(folder)) }), committed);

        const path = join(folder, encodeURIComponent(ORIGIN));
        const published = readdirSync(path).filter((name) => !name.startsWith('.'));
        const notes = published.map((name) => readFileSync(join(path, name), 'utf8'));
        process.stderr.write(
          `\n${committed} changes, ${leaders.killed} leaders killed, ${notes.length} checkpoints\n`,
        );
        expect(leaders.killed).toBeGreaterThan(0);
        expect(await orderFaults(suite.client)).toEqual(NO_FAULT);
        const report = await verifyAll(suite.client, trustIn(KEY), notes);
        expect(report).toMatchObject({ ok: true, rows: committed, counts: {} });
      } finally {
        killing.abort();
        await killed;
        await leaders.end();
      }
    },
    4 * 60 * 60_000,
  );
});
