import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { AuditSequencer, checkpointUrl, Ed25519Signer, type NoteSigner } from 'nestjs-mikro-audit';
import { checkpointText } from '../../../libs/audit/src/evidence/note/checkpoint.js';
import { SignedNote } from '../../../libs/audit/src/evidence/note/signed-note.js';
import { useSequence } from '../sequence/use-sequence.js';
import {
  covered,
  evidence,
  MemoryPublisher,
  newKey,
  ORIGIN,
  sealedUpTo,
  told,
  trustIn,
  verifyAll,
} from './sealing-app.js';

const TIMEOUT = 120_000;
const KEY = newKey();
const GOOD = Ed25519Signer.of(ORIGIN, KEY);
const ANOTHER = { origin: 'example.com/another', size: 3, root: Buffer.alloc(32) };

describe('a log', () => {
  const suite = useSequence();
  afterEach(() => {
    jest.restoreAllMocks();
  });

  const never = <Result>(): Promise<Result> => new Promise(() => undefined);

  it.each([
    [
      'place',
      { place: 'a place without an answer', latest: () => never<null>(), publish: () => never<void>() },
      GOOD,
    ],
    ['signer', new MemoryPublisher(), { key: GOOD.key, sign: () => never<Uint8Array>() }],
  ])(
    'ends with its app when a %s never answers',
    async (_who, publisher, signer: NoteSigner) => {
      const app = await suite.boot({
        evidence: { origin: ORIGIN, signers: () => [signer], publishers: [publisher], every: 1 },
      });
      await suite.fill(5);
      await sealedUpTo(app, 5);
      const began = performance.now();
      await app.close();
      expect(performance.now() - began).toBeLessThan(10_000);
    },
    TIMEOUT,
  );

  it('reads no more of an answer than a checkpoint has', async () => {
    let sent = 0;
    const server = createServer((_request, response) => {
      const chunk = Buffer.alloc(64 * 1024, 'a');
      const more = (): void => {
        while (!response.destroyed && response.write(chunk)) {
          sent += chunk.length;
        }
      };
      response.on('drain', more);
      more();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await expect(checkpointUrl(url).latest(ORIGIN)).rejects.toMatchObject({
      code: 'AUDIT_EVIDENCE_PUBLISH',
      message: expect.stringContaining('longer than a checkpoint'),
    });
    await checkpointUrl(url).publish(ORIGIN, 1, 'text');
    await new Promise((resolve) => server.close(resolve));
    expect(sent).toBeLessThan(64 * 1024 * 1024);
  });

  it(
    'publishes no signature that its key does not accept, and goes on when it is right again',
    async () => {
      const publisher = new MemoryPublisher();
      let isWrong = true;
      const signer: NoteSigner = {
        key: GOOD.key,
        sign: (text) => (isWrong ? Ed25519Signer.of(ORIGIN, newKey()).sign(text) : GOOD.sign(text)),
      };
      const refused = told('error', /AUDIT_EVIDENCE_SIGNATURE.*another key/s);
      const app = await suite.boot({
        evidence: { origin: ORIGIN, signers: () => [signer], publishers: [publisher], every: 1 },
      });
      await refused;
      expect(publisher.notes).toEqual([]);
      isWrong = false;
      await suite.fill(5);
      await covered(app, 5);
      expect((await verifyAll(suite.client, trustIn(KEY), publisher.notes)).ok).toBe(true);
    },
    TIMEOUT,
  );

  it.each([
    [
      'throws',
      () => {
        throw new Error('no such bucket');
      },
    ],
    ['answers with something else', () => Promise.resolve({} as string)],
    ['has an empty file', () => Promise.resolve('')],
    ['has another text', () => Promise.resolve('a note of the night shift\n')],
    ['has the checkpoint of another log', () => SignedNote.sign(checkpointText(ANOTHER), [GOOD])],
  ])(
    'names the place that %s',
    async (_how, latest) => {
      const named = told('error', /AUDIT_EVIDENCE_PUBLISH.*the bucket/s);
      await suite.boot({
        evidence: evidence([KEY], { place: 'the bucket', latest, publish: () => Promise.resolve() }),
      });
      expect(await named).toMatch(/^\[AUDIT_EVIDENCE_PUBLISH\] No checkpoint can be published to the bucket/);
    },
    TIMEOUT,
  );

  it.each([
    [
      'fails',
      () => Promise.reject(new Error('no route to the KMS')),
      /cannot be had \(no route to the KMS\)/,
    ],
    ['answers with nothing', () => undefined as unknown as Uint8Array, /is none: its signer/],
  ])(
    'names the signer that %s',
    async (_how, sign, problem) => {
      const named = told('error', /AUDIT_EVIDENCE_SIGNATURE/);
      await suite.boot({
        evidence: {
          ...evidence([KEY], new MemoryPublisher()),
          signers: () => [{ key: GOOD.key, sign }],
        },
      });
      expect(await named).toMatch(problem);
      expect(await named).toContain(`that of ${ORIGIN} (${GOOD.key.id})`);
      expect(await named).toContain('Repair the signer');
    },
    TIMEOUT,
  );

  it(
    'goes on behind positions and rows that cannot be sealed, and names them',
    async () => {
      await suite.fill(3_000);
      const app = await suite.boot();
      while ((await app.get(AuditSequencer).health()).some(({ size }) => size !== '3000')) {
        await pause(20);
      }
      await app.close();
      await suite.client.query(
        `delete from audit_position where position = 7 or position between 100 and 2500;
        alter table audit_change alter after type text;
        update audit_change set after = '{' where id = (select change_id from audit_position where position = 50)`,
      );
      const publisher = new MemoryPublisher();
      const sealing = await suite.boot({ evidence: evidence([KEY], publisher) });
      await covered(sealing, 3_000);
      const { counts } = await verifyAll(suite.client, trustIn(KEY), publisher.notes);
      expect(counts).toMatchObject({ 'row-missing': 2_402, 'row-changed': 1 });
    },
    TIMEOUT,
  );
});
