import { describe, expect, it } from '@jest/globals';
import { CompactRange } from '../merkle/compact-range.js';
import { leafHashOf } from '../merkle/hashes.js';
import type { TreeHashes } from '../merkle/tree-hashes.js';
import { type CheckpointRequest, signCheckpoint } from './checkpoint-signing.js';
import { CheckpointVerifier } from './log-trust.js';
import { Ed25519Signer } from './note-key.js';

const origin = 'PeterNeumann';
const signer = Ed25519Signer.of(
  origin,
  'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz',
);
const trust = new CheckpointVerifier({ origin, keys: [{ key: signer.key.toString() }] });

function logOf(
  count: number,
  changed?: number,
): { readonly hashes: TreeHashes; readonly root: (size: number) => Buffer } {
  const leaves = Array.from({ length: count }, (_, index) =>
    leafHashOf(`${index}${index === changed ? '!' : ''}`),
  );
  return {
    hashes: { read: async (_, start, hashes) => leaves.slice(start, start + hashes) },
    root: (size) => {
      const range = CompactRange.empty();
      for (const leaf of leaves.slice(0, size)) {
        range.append(leaf);
      }
      return range.root();
    },
  };
}

const request = (size: number, previous: string | null, hashes = logOf(100).hashes): CheckpointRequest => ({
  origin,
  signers: [signer],
  hashes,
  size,
  previous: previous === null ? [] : [previous],
});

describe('signing', () => {
  it('signs what extends the checkpoint before, and the same again', async () => {
    let previous: string | null = null;
    for (const size of [0, 0, 1, 7, 7, 64, 100]) {
      const signed: string = await signCheckpoint(request(size, previous));
      expect(trust.verify(signed)).toEqual({ origin, size, root: logOf(100).root(size) });
      expect(await signCheckpoint(request(size, signed))).toBe(signed);
      previous = signed;
    }
  });

  it('refuses a log that has shrunk, was rewritten, or has lost hashes', async () => {
    const previous = await signCheckpoint(request(60, null));
    await expect(signCheckpoint(request(59, previous))).rejects.toMatchObject({
      code: 'AUDIT_EVIDENCE_REFUSED',
    });
    for (const changed of [0, 31, 32, 59]) {
      for (const size of [60, 61, 100]) {
        const rewritten = logOf(100, changed).hashes;
        await expect(signCheckpoint(request(size, previous, rewritten))).rejects.toMatchObject({
          code: 'AUDIT_EVIDENCE_REFUSED',
          data: { signed: 60, given: size },
        });
      }
    }
    expect(trust.verify(await signCheckpoint(request(100, previous, logOf(100, 60).hashes))).size).toBe(100);
    await expect(signCheckpoint(request(100, previous, logOf(99).hashes))).rejects.toMatchObject({
      code: 'AUDIT_EVIDENCE_MISSING',
    });
  });

  it('refuses to follow a checkpoint that it has not signed', async () => {
    const previous = (await signCheckpoint(request(60, null))).replace('60', '59');
    await expect(signCheckpoint(request(100, previous))).rejects.toMatchObject({
      code: 'AUDIT_EVIDENCE_SIGNATURE',
    });
    await expect(signCheckpoint(request(100, 'none'))).rejects.toMatchObject({
      code: 'AUDIT_EVIDENCE_FORMAT',
    });
  });
});
