import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { AuditSequencer } from 'nestjs-mikro-audit';
import { useSequence } from '../sequence/use-sequence.js';
import {
  covered,
  evidence,
  MemoryPublisher,
  newKey,
  ORIGIN,
  sealedUpTo,
  sealingHealth,
  told,
  trustIn,
  verifyAll,
} from './sealing-app.js';

const TIMEOUT = 120_000;
const KEY = newKey();

describe('a trail with the option evidence', () => {
  const suite = useSequence();
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it(
    'is sealed from its first row on, in pages, and what is written later too; checkpoints are published, and prove it',
    async () => {
      await suite.fill(2_345);
      const publisher = new MemoryPublisher();
      const app = await suite.boot({ evidence: evidence([KEY], publisher) });
      await covered(app, 2_345);
      for (let id = 1; id <= 5; id += 1) {
        await suite.count(id);
      }
      await covered(app, 2_350);
      expect(await sealingHealth(app)).toEqual({
        origin: ORIGIN,
        sealed: '2350',
        covered: '2350',
        publishedAt: expect.any(Date),
      });
      const report = await verifyAll(suite.client, trustIn(KEY), publisher.notes);
      expect(report).toMatchObject({
        ok: true,
        rows: 2_350,
        counts: {},
        checkpoints: new Set(publisher.notes).size,
      });
    },
    TIMEOUT,
  );

  it(
    'goes on where another process has ended, also when that was in the middle',
    async () => {
      const publisher = new MemoryPublisher();
      await suite.fill(3_000);
      const options = { evidence: evidence([KEY], publisher) };
      const first = await suite.boot(options);
      const second = await suite.boot(options);
      await sealedUpTo(first, 1_000);
      // The leader loses the session that has the lock.
      await suite.client.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'mikro-audit sequencer'`,
      );
      await suite.fill(500);
      await covered(second, 3_500);
      await first.close();
      await suite.fill(500);
      await covered(second, 4_000);
      const report = await verifyAll(suite.client, trustIn(KEY), publisher.notes);
      expect(report).toMatchObject({ ok: true, rows: 4_000, counts: {} });
    },
    TIMEOUT,
  );

  it(
    'seals rows of megabytes',
    async () => {
      await suite.client.query(
        `insert into audit_change (actor_type, outcome, entity_type, entity_id, operation, after)
        select 'system', 'success', 'counted', n::text, 'create', jsonb_build_object('text', (
          select string_agg(md5(n::text || m), '') from generate_series(1, 60000) m
        )) from generate_series(1, 6) n`,
      );
      await suite.fill(10);
      const publisher = new MemoryPublisher();
      const app = await suite.boot({ evidence: evidence([KEY], publisher) });
      await covered(app, 16);
      const report = await verifyAll(suite.client, trustIn(KEY), publisher.notes);
      expect(report).toMatchObject({ ok: true, rows: 16 });
    },
    TIMEOUT,
  );

  it(
    'names a row that was deleted before it was sealed',
    async () => {
      await suite.fill(20);
      const app = await suite.boot();
      const sequencer = app.get(AuditSequencer);
      while ((await sequencer.health()).some(({ size }) => size !== '20')) {
        await pause(20);
      }
      await app.close();
      await suite.client.query(`delete from audit_change where entity_id = '7'`);
      const publisher = new MemoryPublisher();
      const sealing = await suite.boot({ evidence: evidence([KEY], publisher) });
      await covered(sealing, 20);
      expect((await verifyAll(suite.client, trustIn(KEY), publisher.notes)).counts).toEqual({
        'row-missing': 1,
      });
      const { rows: salted } = await suite.client.query(
        `select count(seed)::int as seeds, count(distinct seed)::int as different from audit_leaf`,
      );
      expect(salted).toEqual([{ seeds: 19, different: 19 }]);
    },
    TIMEOUT,
  );

  it(
    'goes on behind the last position where somebody has taken the ticks away',
    async () => {
      const publisher = new MemoryPublisher();
      await suite.fill(10);
      const options = { evidence: evidence([KEY], publisher) };
      const first = await suite.boot(options);
      await covered(first, 10);
      await first.close();
      await suite.client.query('delete from audit_tick');
      await suite.fill(10);
      const second = await suite.boot(options);
      await covered(second, 20);
      expect(await verifyAll(suite.client, trustIn(KEY), publisher.notes)).toMatchObject({
        ok: true,
        rows: 20,
      });
    },
    TIMEOUT,
  );

  it(
    'tells when it cannot seal, and goes on when it can',
    async () => {
      await suite.client.query('alter table audit_leaf rename to audit_leaf_away');
      const unsealed = told('warn', /not sealed/);
      const app = await suite.boot({ evidence: evidence([KEY], new MemoryPublisher()) });
      await suite.fill(10);
      expect(await unsealed).toMatch(/^Changes get no positions or are not sealed \(.*audit_leaf/s);
      await suite.client.query('alter table audit_leaf_away rename to audit_leaf');
      await covered(app, 10);
    },
    TIMEOUT,
  );
});
