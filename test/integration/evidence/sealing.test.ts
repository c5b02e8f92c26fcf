import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { AuditSequencer, checkpointFolder, checkpointUrl } from 'nestjs-mikro-audit';
import { useSequence } from '../sequence/use-sequence.js';
import {
  covered,
  evidence,
  MemoryPublisher,
  newKey,
  ORIGIN,
  sealingHealth,
  trustIn,
  verifyAll,
} from './sealing-app.js';

const TIMEOUT = 120_000;
const KEY = newKey();

describe('a trail with the option evidence', () => {
  const suite = useSequence();
  const undo: (() => unknown)[] = [];
  afterEach(async () => {
    for (const step of undo.splice(0)) {
      await step();
    }
  });

  /** More changes than one page, so that pages have to fit together. */
  const fill = async (rows: number): Promise<void> => {
    await suite.client.query(
      `insert into audit_change (actor_type, outcome, entity_type, entity_id, operation, after)
      select 'system', 'success', 'counted', n::text, 'create', jsonb_build_object('version', n) from generate_series(1, $1::int) n`,
      [rows],
    );
  };

  it(
    'is sealed from its first row on, in pages, and what is written later too; checkpoints are published, and prove it',
    async () => {
      await fill(2_345);
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
      await fill(3_000);
      const options = { evidence: evidence([KEY], publisher) };
      const first = await suite.boot(options);
      const second = await suite.boot(options);
      while (Number((await sealingHealth(first)).sealed) < 1_000) {
        await pause(5);
      }
      // Whoever leads loses the session that has the lock.
      await suite.client.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'mikro-audit sequencer'`,
      );
      await fill(500);
      await covered(second, 3_500);
      await first.close();
      await fill(500);
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
      await fill(10);
      const publisher = new MemoryPublisher();
      const app = await suite.boot({ evidence: evidence([KEY], publisher) });
      await covered(app, 16);
      const report = await verifyAll(suite.client, trustIn(KEY), publisher.notes);
      expect(report).toMatchObject({ ok: true, rows: 16 });
    },
    TIMEOUT,
  );

  it(
    'signs nothing that does not begin with what it has signed, and nothing when all that was published is gone',
    async () => {
      const publisher = new MemoryPublisher();
      const options = { evidence: evidence([KEY], publisher) };
      const first = await suite.boot(options);
      await fill(300);
      await covered(first, 300);
      await first.close();
      const published = publisher.notes.length;
      // Somebody who knows how the log is made makes it anew from an edited row on.
      await suite.client.query(
        `update audit_change set actor_id = 'nobody' where entity_id = '7';
        delete from audit_leaf; delete from audit_tree_hash; delete from audit_checkpoint`,
      );
      const second = await suite.boot(options);
      while (Number((await sealingHealth(second)).sealed) < 300) {
        await pause(20);
      }
      await fill(10);
      while (Number((await sealingHealth(second)).sealed) < 310) {
        await pause(20);
      }
      await second.close();
      expect(publisher.notes).toHaveLength(published);
      expect((await verifyAll(suite.client, trustIn(KEY), publisher.notes)).counts).toMatchObject({
        'root-differs': 1,
      });

      await suite.client.query(
        `insert into audit_checkpoint (size, note) values (300, 'what was published');`,
      );
      const lost = new MemoryPublisher();
      const third = await suite.boot({ evidence: evidence([KEY], lost) });
      await fill(10);
      while (Number((await sealingHealth(third)).sealed) < 320) {
        await pause(20);
      }
      await third.close();
      expect(lost.notes).toEqual([]);
    },
    TIMEOUT,
  );

  it(
    'goes on sealing while a place is out of order, and publishes when it works again',
    async () => {
      const publisher = new MemoryPublisher();
      let isBroken = true;
      const broken = {
        place: 'a place that fails',
        latest: () => publisher.latest(),
        publish: (origin: string, size: number, note: string) =>
          isBroken ? Promise.reject(new Error('no space left')) : publisher.publish(origin, size, note),
      };
      const app = await suite.boot({ evidence: evidence([KEY], broken) });
      await fill(20);
      while (Number((await sealingHealth(app)).sealed) < 20) {
        await pause(20);
      }
      expect((await sealingHealth(app)).covered).toBeNull();
      isBroken = false;
      await covered(app, 20);
      expect((await verifyAll(suite.client, trustIn(KEY), publisher.notes)).ok).toBe(true);
    },
    TIMEOUT,
  );

  it(
    'names a row that was deleted before it was sealed',
    async () => {
      await fill(20);
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
    },
    TIMEOUT,
  );

  it(
    'is signed by two keys while one is exchanged for the other',
    async () => {
      const publisher = new MemoryPublisher();
      const next = newKey();
      const signed = async (size: number, ...keys: readonly [string, ...string[]]): Promise<void> => {
        const app = await suite.boot({ evidence: evidence(keys, publisher) });
        await fill(10);
        await covered(app, size);
        await app.close();
      };
      await signed(10, KEY);
      await signed(20, KEY, next);
      await signed(30, next);
      const [before = '', after = ''] = [KEY, next].map((key) => trustIn(key).keys[0]?.key);
      const trust = {
        origin: ORIGIN,
        keys: [
          { key: before, until: 20 },
          { key: after, from: 20 },
        ],
      };
      expect(await verifyAll(suite.client, trust, publisher.notes)).toMatchObject({ ok: true, counts: {} });
      // A new key that has never signed together with the old one cannot take over.
      const app = await suite.boot({ evidence: evidence([newKey()], publisher) });
      const count = publisher.notes.length;
      await fill(10);
      while (Number((await sealingHealth(app)).sealed) < 40) {
        await pause(20);
      }
      await app.close();
      expect(publisher.notes).toHaveLength(count);
    },
    TIMEOUT,
  );

  it(
    'is published to files and to a server',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'audit-checkpoints-'));
      undo.push(() => rmSync(folder, { recursive: true }));
      const received: string[] = [];
      const server = createServer((request, response) => {
        let body = '';
        request.on('data', (chunk) => {
          body += chunk;
        });
        request.on('end', () => {
          const newest = received.at(-1);
          const isKnown =
            request.headers.authorization === 'Bearer x' && request.url === '/log/example.com%2Faudit';
          response.statusCode = !isKnown ? 403 : request.method === 'GET' && newest === undefined ? 404 : 200;
          if (isKnown && request.method === 'PUT') {
            received.push(body);
          }
          response.end(isKnown && request.method === 'GET' ? newest : '');
        });
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      undo.push(() => server.close());
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/log`;
      const publishers = [
        checkpointFolder(folder),
        checkpointUrl(url, { headers: { authorization: 'Bearer x' } }),
      ];
      const app = await suite.boot({ evidence: evidence([KEY], ...publishers) });
      await fill(10);
      await covered(app, 10);
      await fill(10);
      await covered(app, 20);
      const path = join(folder, 'example.com%2Faudit');
      const files = readdirSync(path).sort();
      expect(files.slice(-3)).toEqual([
        '0000000000000010.checkpoint',
        '0000000000000020.checkpoint',
        'latest',
      ]);
      const texts = files.map((name) => readFileSync(join(path, name), 'utf8'));
      expect(texts.at(-1)).toBe(texts.at(-2));
      expect(received.at(-1)).toBe(texts.at(-1));
      expect(await verifyAll(suite.client, trustIn(KEY), texts)).toMatchObject({
        ok: true,
        rows: 20,
        counts: {},
      });
      // A leader that was cut off comes late with what it has signed.
      await publishers[0]?.publish(ORIGIN, 10, texts[1] ?? '');
      expect(readFileSync(join(path, 'latest'), 'utf8')).toBe(texts.at(-1));
      await expect(checkpointUrl(url).latest(ORIGIN)).rejects.toMatchObject({
        code: 'AUDIT_EVIDENCE_PUBLISH',
      });
    },
    TIMEOUT,
  );

  it(
    'goes on behind the last position where somebody has taken the ticks away',
    async () => {
      const publisher = new MemoryPublisher();
      await fill(10);
      const options = { evidence: evidence([KEY], publisher) };
      const first = await suite.boot(options);
      await covered(first, 10);
      await first.close();
      await suite.client.query('delete from audit_tick');
      await fill(10);
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
      const told = new Promise((resolve) => {
        const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation((text) => {
          if (/not sealed/.test(String(text))) {
            resolve(text);
          }
        });
        undo.push(() => warn.mockRestore());
      });
      const app = await suite.boot({ evidence: evidence([KEY], new MemoryPublisher()) });
      await fill(10);
      expect(await told).toMatch(/^Changes get no positions or are not sealed \(.*audit_leaf/s);
      await suite.client.query('alter table audit_leaf_away rename to audit_leaf');
      await covered(app, 10);
    },
    TIMEOUT,
  );

  it('does not start when its key cannot be read', async () => {
    await expect(suite.boot({ evidence: evidence(['no key'], new MemoryPublisher()) })).rejects.toMatchObject(
      {
        code: 'AUDIT_EVIDENCE_FORMAT',
      },
    );
  });
});
