import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { checkpointFolder, checkpointUrl, Ed25519Signer, type NoteSigner } from 'nestjs-mikro-audit';
import { useSequence } from '../sequence/use-sequence.js';
import {
  covered,
  evidence,
  MemoryPublisher,
  newKey,
  ORIGIN,
  sealedUpTo,
  sealingHealth,
  trustIn,
  verifyAll,
} from './sealing-app.js';

const TIMEOUT = 120_000;
const KEY = newKey();

describe('a log that is sealed', () => {
  const suite = useSequence();
  const undo: (() => unknown)[] = [];
  afterEach(async () => {
    for (const step of undo.splice(0)) {
      await step();
    }
  });

  it(
    'signs nothing that does not begin with what it has signed, and nothing when all that was published is gone',
    async () => {
      const publisher = new MemoryPublisher();
      const options = { evidence: evidence([KEY], publisher) };
      const first = await suite.boot(options);
      await suite.fill(300);
      await covered(first, 300);
      await first.close();
      const published = publisher.notes.length;
      // Somebody who knows how the log is made makes it anew from an edited row on.
      await suite.client.query(
        `update audit_change set actor_id = 'nobody' where entity_id = '7';
        delete from audit_leaf; delete from audit_tree_hash; delete from audit_checkpoint`,
      );
      const second = await suite.boot(options);
      await sealedUpTo(second, 300);
      await suite.fill(10);
      await sealedUpTo(second, 310);
      await second.close();
      expect(publisher.notes).toHaveLength(published);
      expect((await verifyAll(suite.client, trustIn(KEY), publisher.notes)).counts).toMatchObject({
        'root-differs': 1,
      });

      await suite.client.query(
        `insert into audit_checkpoint (size, note) values (300, E'example.com/audit\\nwhat was published');`,
      );
      const lost = new MemoryPublisher();
      const third = await suite.boot({ evidence: evidence([KEY], lost) });
      await suite.fill(10);
      await sealedUpTo(third, 320);
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
      await suite.fill(20);
      await sealedUpTo(app, 20);
      expect((await sealingHealth(app)).covered).toBeNull();
      isBroken = false;
      await covered(app, 20);
      expect((await verifyAll(suite.client, trustIn(KEY), publisher.notes)).ok).toBe(true);
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
        await suite.fill(10);
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
      await suite.fill(10);
      await sealedUpTo(app, 40);
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
      await suite.fill(10);
      await covered(app, 10);
      await suite.fill(10);
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
      await publishers[0]?.publish(ORIGIN, 10, texts.at(-3) ?? '');
      expect(readFileSync(join(path, 'latest'), 'utf8')).toBe(texts.at(-1));
      await expect(checkpointUrl(url).latest(ORIGIN)).rejects.toMatchObject({
        code: 'AUDIT_EVIDENCE_PUBLISH',
      });
    },
    TIMEOUT,
  );

  it('does not start when its key cannot be read', async () => {
    const unreadable = evidence(['no key'], new MemoryPublisher());
    await expect(suite.boot({ evidence: unreadable })).rejects.toMatchObject({
      code: 'AUDIT_EVIDENCE_FORMAT',
    });
  });

  it('does not start when nobody signs it', async () => {
    const good = Ed25519Signer.of(ORIGIN, KEY);
    for (const signers of [[], [{}], [good, { key: good.key }], good, null, Promise.resolve([good])]) {
      const unsigned = {
        ...evidence([KEY], new MemoryPublisher()),
        signers: () => signers as unknown as [NoteSigner],
      };
      await expect(suite.boot({ evidence: unsigned })).rejects.toMatchObject({
        code: 'AUDIT_CONFIGURATION',
        message: expect.stringContaining('Nobody signs the log example.com/audit'),
      });
    }
  });
});
