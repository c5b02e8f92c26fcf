import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { MikroORM } from '@mikro-orm/core';
import pg from 'pg';
import { createTestDatabase } from '../../support/database.js';
import { bootSequenceApp } from '../sequence/sequence-app.js';
import { useSequence } from '../sequence/use-sequence.js';
import {
  covered,
  evidence,
  MemoryPublisher,
  newKey,
  sealedUpTo,
  sealingHealth,
  told,
  trustIn,
  verifyAll,
} from './sealing-app.js';

const TIMEOUT = 60_000;
const KEY = newKey();
const FILL = `insert into audit_change (actor_type, outcome, entity_type, entity_id, operation, after)
  select 'system', 'success', 'counted', n::text, 'create', '{}' from generate_series(1, $1::int) n`;

describe('a trail that was restored', () => {
  const suite = useSequence();
  const undo: (() => unknown)[] = [];
  afterEach(async () => {
    jest.restoreAllMocks();
    for (const step of undo.splice(0).reverse()) {
      await step();
    }
  });

  /** A copy of the database as it is. Nobody may be connected to that. */
  async function copy(): Promise<{ readonly url: string; readonly client: pg.Client }> {
    await suite.app.get(MikroORM).close();
    await suite.client.end();
    const database = await createTestDatabase({ template: new URL(suite.url).pathname.slice(1) });
    undo.push(() => database.drop());
    const client = new pg.Client(database.url);
    await client.connect();
    undo.push(() => client.end());
    return { url: database.url, client };
  }

  it(
    'in a state older than what was published is signed under another origin only',
    async () => {
      const publisher = new MemoryPublisher();
      const options = evidence([KEY], publisher);
      const first = await suite.boot({ evidence: options });
      await suite.fill(100);
      await covered(first, 100);
      await first.close();
      const older = await copy();
      const original = new pg.Client(suite.url);
      await original.connect();
      await original.query(FILL, [50]);
      await original.end();
      const again = await suite.boot({ evidence: options });
      await covered(again, 150);
      await again.close();
      const published = publisher.notes.length;

      const shrunk = told('error', /AUDIT_EVIDENCE_REFUSED.*some are gone/s);
      const restored = await bootSequenceApp(older.url, { evidence: options });
      undo.push(() => restored.close());
      await shrunk;
      const branched = told('error', /AUDIT_EVIDENCE_REFUSED.*does not begin with/s);
      await older.client.query(FILL, [80]);
      await sealedUpTo(restored, 180);
      await branched;
      await restored.close();
      expect(publisher.notes).toHaveLength(published);

      const other = 'example.com/audit/2';
      const places = new MemoryPublisher();
      const renamed = await bootSequenceApp(older.url, {
        evidence: {
          ...evidence([KEY], places),
          origin: other,
          signers: () => options.signers(other),
        },
      });
      undo.push(() => renamed.close());
      // The copies of checkpoints that came with the backup are of the old log.
      await covered(renamed, 180);
      expect((await sealingHealth(renamed)).origin).toBe(other);
      expect(places.notes.length).toBeGreaterThan(0);
    },
    TIMEOUT,
  );

  it(
    'in its newest state, on another server, goes on',
    async () => {
      const publisher = new MemoryPublisher();
      const options = { evidence: evidence([KEY], publisher) };
      const first = await suite.boot(options);
      await suite.fill(100);
      await covered(first, 100);
      await first.close();
      const { url, client } = await copy();
      await client.query('update audit_tick set system_identifier = 1');
      await client.query(FILL, [7]);
      const restored = await bootSequenceApp(url, options);
      undo.push(() => restored.close());
      await covered(restored, 107);
      const report = await verifyAll(client, trustIn(KEY), publisher.notes);
      expect(report).toMatchObject({ ok: true, rows: 107, counts: {} });
    },
    TIMEOUT,
  );
});
