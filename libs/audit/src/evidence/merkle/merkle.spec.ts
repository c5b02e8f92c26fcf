import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CompactRange } from './compact-range.js';
import { EMPTY_ROOT, leafHashOf, nodeHashOf } from './hashes.js';
import { Memory, treeOf } from './memory-tree.fixture.js';
import { verifyConsistency, verifyInclusion } from './proof-verification.js';
import { TreeReader } from './tree-reader.js';
import { splitOf } from './tree-sizes.js';
import { CONSISTENCY, hex, INCLUSION, LEAVES, ROOT1, ROOTS } from './vectors.fixture.js';

/** As RFC 6962 says it, in the plainest way. */
function rootByDefinition(leaves: readonly Buffer[]): Buffer {
  if (leaves.length < 2) {
    return leaves[0] ?? EMPTY_ROOT;
  }
  const split = splitOf(leaves.length);
  return nodeHashOf(rootByDefinition(leaves.slice(0, split)), rootByDefinition(leaves.slice(split)));
}

const golden = new Memory();
for (const leaf of LEAVES) {
  golden.add(leafHashOf(hex(leaf)));
}

describe('vectors of RFC 6962 and transparency-dev', () => {
  it('the empty tree has the hash of nothing as its root', async () => {
    expect(CompactRange.empty().root().toString('hex')).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
    expect(await new TreeReader(golden, 0).root()).toEqual(EMPTY_ROOT);
  });

  it('roots of all sizes, from leaves and from stored hashes', async () => {
    const range = CompactRange.empty();
    for (const [index, root] of ROOTS.entries()) {
      range.append(leafHashOf(hex(LEAVES[index] ?? '')));
      expect(range.root().toString('hex')).toBe(root);
      expect((await new TreeReader(golden, index + 1).root()).toString('hex')).toBe(root);
    }
  });

  it.each(INCLUSION)('inclusion of leaf %i in a tree of %i', async (leaf, size, proof) => {
    const claim = {
      index: leaf - 1,
      size,
      leafHash: leafHashOf(hex(LEAVES[leaf - 1] ?? '')),
      root: hex(ROOTS[size - 1] ?? ''),
    };
    const hashes = proof.map(hex);
    expect(verifyInclusion(claim, hashes)).toBe(true);
    expect(await new TreeReader(golden, size).inclusionProof(leaf - 1)).toEqual(hashes);
    const wrong = [
      [{ ...claim, index: claim.index - 1 }, hashes],
      [{ ...claim, index: claim.index + 1 }, hashes],
      [{ ...claim, index: claim.index ^ 2 }, hashes],
      [{ ...claim, size: size * 2 }, hashes],
      [{ ...claim, size: Math.floor(size / 2) }, hashes],
      [{ ...claim, leafHash: Buffer.from('WrongLeaf') }, hashes],
      [{ ...claim, root: EMPTY_ROOT }, hashes],
      [{ ...claim, root: Buffer.alloc(0) }, hashes],
      ...mutations(hashes, [claim.root, Buffer.alloc(0)]).map((mutated) => [claim, mutated] as const),
    ] as const;
    for (const [otherClaim, otherProof] of wrong) {
      expect(verifyInclusion(otherClaim, otherProof)).toBe(false);
    }
  });

  it.each(CONSISTENCY)('consistency of a tree of %i with one of %i', async (size1, size2, proof) => {
    const claim = { size1, size2, root1: hex(ROOTS[size1 - 1] ?? ''), root2: hex(ROOTS[size2 - 1] ?? '') };
    const hashes = proof.map(hex);
    expect(verifyConsistency(claim, hashes)).toBe(true);
    expect(await new TreeReader(golden, size2).consistencyProof(size1)).toEqual(hashes);
    if (size1 === size2) {
      return;
    }
    const wrong = [
      [{ ...claim, size1: size1 - 1 }, hashes],
      [{ ...claim, size1: size1 + 1 }, hashes],
      [{ ...claim, size1: size1 ^ 2 }, hashes],
      [{ ...claim, size2: size2 * 2 }, hashes],
      [{ ...claim, size2: Math.floor(size2 / 2) }, hashes],
      [{ ...claim, root1: Buffer.from('WrongRoot') }, hashes],
      [{ ...claim, root2: Buffer.from('WrongRoot') }, hashes],
      [{ ...claim, root1: claim.root2, root2: claim.root1 }, hashes],
      [claim, []],
      ...mutations(hashes, [claim.root1, claim.root2, Buffer.alloc(0)]).map(
        (mutated) => [claim, mutated] as const,
      ),
    ] as const;
    for (const [otherClaim, otherProof] of wrong) {
      expect(verifyConsistency(otherClaim, otherProof)).toBe(false);
    }
  });

  it('nothing is in an empty tree, and a tree of no leaves is consistent with any, by an empty proof', () => {
    const root = hex(ROOT1);
    for (const [index, size] of [
      [0, 0],
      [1, 0],
      [2, 1],
      [-1, 1],
      [0.5, 1],
      [Number.NaN, 1],
    ] as const) {
      expect(verifyInclusion({ index, size, leafHash: root, root }, [])).toBe(false);
    }
    const empty = { size1: 0, root1: EMPTY_ROOT, size2: 1, root2: root };
    expect(verifyConsistency(empty, [])).toBe(true);
    expect(verifyConsistency(empty, [root])).toBe(false);
    expect(verifyConsistency({ ...empty, root1: root }, [])).toBe(false);
    expect(verifyConsistency({ ...empty, size2: 0 }, [])).toBe(false);
    expect(verifyConsistency({ ...empty, size1: 1, size2: 0, root1: root }, [])).toBe(false);
  });
});

describe('trees of any size', () => {
  it('every leaf of every size has a proof, and every two sizes', async () => {
    const memory = treeOf(40);
    for (let size = 1; size <= 40; size += 1) {
      const tree = new TreeReader(memory, size);
      const root = await tree.root();
      expect(root).toEqual(rootByDefinition(memory.levels[0]?.slice(0, size) ?? []));
      for (let index = 0; index < size; index += 1) {
        const leafHash = memory.levels[0]?.[index] ?? EMPTY_ROOT;
        const proof = await tree.inclusionProof(index);
        expect(verifyInclusion({ index, size, leafHash, root }, proof)).toBe(true);
        const smaller = await new TreeReader(memory, index).root();
        const claim = { size1: index, root1: smaller, size2: size, root2: root };
        expect(verifyConsistency(claim, await tree.consistencyProof(index))).toBe(true);
      }
    }
  });

  it('goes on from what was stored, and reads a tile or two of each level for a proof', async () => {
    const memory = treeOf(256 * 256 + 256 * 3 + 7);
    const size = memory.range.size;
    const restored = await new TreeReader(memory, size).compactRange();
    expect(restored.subtrees).toEqual(memory.range.subtrees);
    const again = CompactRange.of(size, restored.subtrees);
    again.append(EMPTY_ROOT);
    memory.range.append(EMPTY_ROOT);
    expect(again.root()).toEqual(memory.range.root());
    for (const index of [0, 255, 256, 65_535, 65_536, size - 1]) {
      const tree = new TreeReader(memory, size);
      const root = await tree.root();
      memory.reads = 0;
      const proof = await new TreeReader(memory, size).inclusionProof(index);
      expect(memory.reads).toBeLessThanOrEqual(6);
      const leafHash = memory.levels[0]?.[index] ?? EMPTY_ROOT;
      expect(verifyInclusion({ index, size, leafHash, root }, proof)).toBe(true);
    }
  }, 60_000);

  it('no byte of a proof can be another one, and no hash missing, doubled or exchanged', async () => {
    const memory = treeOf(300);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 300 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        async (size, draw, flip) => {
          const tree = new TreeReader(memory, size);
          const index = draw % size;
          const root = await tree.root();
          const leafHash = memory.levels[0]?.[index] ?? EMPTY_ROOT;
          const claim = { index, size, leafHash, root };
          const proof = await tree.inclusionProof(index);
          const size1 = Math.max(1, index);
          const consistency = {
            size1,
            root1: await new TreeReader(memory, size1).root(),
            size2: size,
            root2: root,
          };
          const extension = await tree.consistencyProof(size1);
          for (const mutated of [...mutations(proof, [root, leafHash]), ...flips(proof, flip)]) {
            expect(verifyInclusion(claim, mutated)).toBe(false);
          }
          for (const mutated of [...mutations(extension, [root]), ...flips(extension, flip)]) {
            expect(verifyConsistency(consistency, mutated)).toBe(false);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('hostile claims end, and are refused', () => {
    const any = fc.oneof(fc.integer(), fc.double(), fc.maxSafeNat(), fc.constant(2 ** 53));
    const hash = fc.uint8Array({ minLength: 31, maxLength: 33 });
    fc.assert(
      fc.property(
        any,
        any,
        hash,
        hash,
        fc.array(hash, { maxLength: 60 }),
        (first, second, one, two, proof) => {
          expect(verifyInclusion({ index: first, size: second, leafHash: one, root: two }, proof)).toBe(
            false,
          );
          const claim = { size1: first, size2: second, root1: one, root2: two };
          expect(verifyConsistency(claim, proof)).toBe(false);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

/** Nearly proofs: hashes missing, too many, twice, in another order. */
function mutations(proof: readonly Buffer[], others: readonly Buffer[]): Buffer[][] {
  const [first] = proof;
  return [
    ...others.flatMap((other) => [
      [...proof, other],
      [other, ...proof],
    ]),
    ...(first ? [[first, ...proof]] : []),
    ...proof.map((_, place) => proof.toSpliced(place, 1)),
    ...proof.flatMap((hash, place) => {
      const next = proof[place + 1];
      return next && !next.equals(hash) ? [proof.toSpliced(place, 2, next, hash)] : [];
    }),
    ...proof.map((hash, place) => proof.toSpliced(place, 1, hash.subarray(1))),
    ...proof.map((hash, place) => proof.toSpliced(place, 1, Buffer.concat([hash, hash]))),
  ];
}

/** Each byte of a proof changed, one at a time. */
function flips(proof: readonly Buffer[], flip: number): Buffer[][] {
  return proof.flatMap((hash, place) =>
    Array.from(hash, (byte, at) => {
      const changed = Buffer.from(hash);
      changed[at] = byte ^ flip;
      return proof.toSpliced(place, 1, changed);
    }),
  );
}
