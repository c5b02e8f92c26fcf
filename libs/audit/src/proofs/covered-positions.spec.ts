import { generateKeyPairSync } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { checkpointText } from '../evidence/note/checkpoint.js';
import { Ed25519Signer } from '../evidence/note/note-key.js';
import { SignedNote } from '../evidence/note/signed-note.js';
import { coveredPositions } from './covered-positions.js';
import type { SealRow } from './seal-sql.js';

it('positions of changes come in their order, each once, also where pages of ids repeat them', async () => {
  const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const text = checkpointText({ origin: 'log', size: 3_000, root: Buffer.alloc(32) });
  const note = await SignedNote.sign(text, [Ed25519Signer.of('log', pem)]);
  const look = (ids: readonly string[]): Promise<readonly SealRow[]> =>
    Promise.resolve(
      ids.map((id) => ({
        id,
        is_there: true,
        position: id,
        is_sealed: true,
        size: '3000',
        published_at: 0,
      })),
    );
  const ids = Array.from({ length: 3_600 }, (_, place) => String((3_599 - place) % 3_500));
  const { positions, notCovered } = await coveredPositions(ids, note, look, 'leave-out');
  expect(positions).toEqual(Array.from({ length: 3_000 }, (_, position) => position));
  expect(notCovered).toBe(500);
});
