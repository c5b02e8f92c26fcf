import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CompactRange } from './compact-range.js';
import { EMPTY_ROOT, leafHashOf, nodeHashOf } from './hashes.js';
import { verifyConsistency, verifyInclusion } from './proof-verification.js';
import { TILE_WIDTH, type TreeHash, type TreeHashes } from './tree-hashes.js';
import { TreeReader } from './tree-reader.js';
import { splitOf } from './tree-sizes.js';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');

// Leaves, roots and proofs of Certificate Transparency's first implementation, which transparency-dev/merkle and
// sigstore-conformance test with as well.
const LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const A = '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7';
const B = '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e';
const C = '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4';
const D = 'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b';
const E = 'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0';
const F = '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a';
const G = 'b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f';
const [ROOT1 = '', ROOT2 = '', , ROOT4 = ''] = ROOTS;
const INCLUSION: readonly (readonly [leaf: number, size: number, proof: readonly string[]])[] = [
  [1, 1, []],
  [1, 8, [A, B, C]],
  [6, 8, [D, E, ROOT4]],
  [3, 3, [ROOT2]],
  [2, 5, [ROOT1, B, D]],
];
const CONSISTENCY: readonly (readonly [size1: number, size2: number, proof: readonly string[]])[] = [
  [1, 1, []],
  [1, 8, [A, B, C]],
  [6, 8, [F, E, ROOT4]],
  [2, 5, [B, D]],
  [6, 7, [F, G, ROOT4]],
];

class Memory implements TreeHashes {
  readonly levels: Buffer[][] = [[]];
  readonly range = CompactRange.empty();
  reads = 0;

  add(leaf: Buffer): void {
    this.levels[0]?.push(leaf);
    for (const { level, index, hash } of this.range.append(leaf) as TreeHash[]) {
      this.levels[level] ??= [];
      const hashes = this.levels[level];
      expect(index).toBe(hashes.length);
      hashes.push(hash);
    }
  }

  read(level: number, start: number, count: number): Promise<readonly Buffer[]> {
    this.reads += 1;
    expect(count).toBeLessThanOrEqual(TILE_WIDTH);
    return Promise.resolve(this.levels[level]?.slice(start, start + count) ?? []);
  }
}

function treeOf(size: number): Memory {
  const memory = new Memory();
  for (let index = 0; index < size; index += 1) {
    memory.add(leafHashOf(`leaf ${index}`));
  }
  return memory;
}

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
