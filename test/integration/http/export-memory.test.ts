import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { shop } from '../../support/fixtures/shop.js';
import { ensureLibraryBuilt } from '../../support/library-build.js';
import { createTestOrm } from '../../support/orm.js';
import { PROJECT } from '../../support/project-paths.js';
import { largeTrail, TICK } from '../reading/large-trail.js';
import type { Adapter } from './law-firm-app.js';

/** `npm run test:soak` exports a million. */
const CHANGES = Number(process.env.AUDIT_SOAK_CHANGES ?? 15_000);
const TIMEOUT = 180_000 + CHANGES;
const CHANGES_PER_ORDER = 22;
const CHUNK = 2_000;
/** A short trail has longer values, so that what an export would keep of it could not be taken for noise. */
const NOTE_LENGTH = Math.ceil(60e6 / CHANGES);
/** Far above what batches, sockets and the noise of a busy machine take, far below the file. */
const ALLOWED = 30e6;

interface Sample {
  readonly live: number;
  readonly resident: number;
}

/** The process that exports, and what it says of its memory. */
class Probe {
  readonly samples: Sample[] = [];
  url = '';
  private sampled = (): void => {};

  private constructor(private readonly child: ChildProcessByStdio<Writable, Readable, null>) {}

  static async start(databaseUrl: string, adapter: Adapter): Promise<Probe> {
    const script = join(PROJECT, 'test/integration/http/export-probe.mjs');
    const child = spawn(process.execPath, ['--expose-gc', script, databaseUrl, adapter], {
      cwd: PROJECT,
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const probe = new Probe(child);
    await new Promise<void>((resolve, reject) => {
      child.once('exit', () => reject(new Error('The probe did not start.')));
      createInterface({ input: child.stdout }).on('line', (line) => {
        const said = JSON.parse(line) as Sample | { readonly url: string };
        if ('url' in said) {
          probe.url = said.url;
          resolve();
        } else {
          probe.samples.push(said);
          probe.sampled();
        }
      });
    });
    return probe;
  }

  /** Waits until the probe has measured some more times. */
  async measure(times: number): Promise<readonly Sample[]> {
    const start = this.samples.length;
    while (this.samples.length < start + times) {
      await new Promise<void>((resolve) => {
        this.sampled = resolve;
      });
    }
    return this.samples.slice(start);
  }

  /** Waits until memory has stopped growing. */
  async settle(): Promise<void> {
    let [peak, higher] = [0, highest(await this.measure(4), 'live')];
    while (higher > peak + 1e6) {
      peak = higher;
      higher = highest(await this.measure(4), 'live');
    }
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.stdin.end();
    await ended;
  }
}

const megabytes = (bytes: number) => Math.round(bytes / 1e5) / 10;
const highest = (samples: readonly Sample[], what: keyof Sample) =>
  samples.reduce((peak, sample) => Math.max(peak, sample[what]), 0);

let database: TestDatabase;
let total: number;

beforeAll(async () => {
  await ensureLibraryBuilt();
  database = await createTestDatabase();
  const orm = await createTestOrm({ url: database.url, entities: shop });
  const orders = Math.ceil(CHANGES / CHANGES_PER_ORDER);
  for (let first = 1; first <= orders; first += CHUNK) {
    await orm.em.fork().transactional(async (em) => {
      for (const sql of largeTrail(first, Math.min(CHUNK, orders - first + 1))) {
        await em.getConnection().execute(sql, [], 'run', em.getTransactionContext());
      }
    });
  }
  const connection = orm.em.getConnection();
  await connection.execute(TICK);
  await connection.execute(
    `update audit_change set after = after || jsonb_build_object('note', repeat('x', ${NOTE_LENGTH}))`,
  );
  await connection.execute('vacuum (analyze) audit_change');
  [{ total }] = (await connection.execute('select count(*)::int as total from audit_change')) as [
    { total: number },
  ];
  await orm.close(true);
}, TIMEOUT);
afterAll(() => database?.drop());

it.each([
  ['express', 'ndjson'],
  ['fastify', 'csv'],
] as const)(
  'the memory of an export does not grow with it, on %s as %s, nor while its reader waits',
  async (adapter, format) => {
    const probe = await Probe.start(database.url, adapter);
    try {
      // A whole export first: what is compiled and kept the first time is not what an export needs.
      for await (const _ of (await fetch(`${probe.url}/audit/export?format=${format}`)).body ?? []);
      const before = highest(await probe.measure(3), 'live');
      const from = probe.samples.length;
      const response = await fetch(`${probe.url}/audit/export?format=${format}`);
      expect(response.status).toBe(200);
      let bytes = 0;
      let end = '';
      for await (const piece of response.body ?? []) {
        if (bytes === 0) {
          // Code that ignores back-pressure reads on meanwhile, all of it into memory.
          await probe.settle();
        }
        bytes += piece.length;
        end = Buffer.from(piece).toString().slice(-2_000);
      }
      const samples = probe.samples.slice(from);
      const grown = highest(samples, 'live') - before;
      console.log(
        `export of ${total} changes as ${format} on ${adapter}: ${megabytes(bytes)} MB sent, at most ` +
          `${megabytes(grown)} MB more live memory, ${megabytes(highest(samples, 'resident'))} MB resident`,
      );
      expect(total).toBeGreaterThanOrEqual(CHANGES);
      expect(end.includes(`"manifest":{"format":"ndjson","count":${total}`)).toBe(format === 'ndjson');
      expect(bytes).toBeGreaterThan(2 * ALLOWED);
      expect(grown).toBeLessThan(ALLOWED);
    } finally {
      await probe.stop();
    }
  },
  TIMEOUT,
);
