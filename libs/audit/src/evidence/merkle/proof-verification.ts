import { EMPTY_ROOT, isHash, nodeHashOf } from './hashes.js';
import { isTreeSize } from './tree-sizes.js';

/** The claim that an inclusion proof has to prove. */
export interface InclusionClaim {
  /** The position, from 0. */
  readonly index: number;
  readonly size: number;
  readonly leafHash: Uint8Array;
  readonly root: Uint8Array;
}

/** The claim that a consistency proof has to prove: that the larger tree begins with the smaller one. */
export interface ConsistencyClaim {
  readonly size1: number;
  readonly root1: Uint8Array;
  readonly size2: number;
  readonly root2: Uint8Array;
}

const half = (value: number): number => Math.floor(value / 2);
const isOdd = (value: number): boolean => value % 2 === 1;

/**
 * Whether a proof shows that a leaf is in a tree (RFC 9162, 2.1.3.2). Exactly one proof is accepted for each leaf and
 * size: nothing may be missing, too much or of another length. It ends after as many steps as the proof has hashes.
 */
export function verifyInclusion(claim: InclusionClaim, proof: readonly Uint8Array[]): boolean {
  const { index, size, leafHash, root } = claim;
  if (!isTreeSize(index) || !isTreeSize(size) || index >= size) {
    return false;
  }
  if (!isHash(leafHash) || !isHash(root) || !proof.every(isHash)) {
    return false;
  }
  let [node, last] = [index, size - 1];
  let hash = leafHash;
  for (const sibling of proof) {
    if (last === 0) {
      return false;
    }
    if (isOdd(node) || node === last) {
      hash = nodeHashOf(sibling, hash);
      // Where the tree is ragged, the node has no sibling for some levels.
      while (!isOdd(node) && node !== 0) {
        [node, last] = [half(node), half(last)];
      }
    } else {
      hash = nodeHashOf(hash, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && equal(hash, root);
}

/** Whether a proof shows that one tree begins with another (RFC 9162, 2.1.4.2), as strictly as `verifyInclusion`. */
export function verifyConsistency(claim: ConsistencyClaim, proof: readonly Uint8Array[]): boolean {
  const { size1, root1, size2, root2 } = claim;
  if (!isTreeSize(size1) || !isTreeSize(size2) || size1 > size2) {
    return false;
  }
  if (!isHash(root1) || !isHash(root2) || !proof.every(isHash)) {
    return false;
  }
  if (size1 === size2) {
    return proof.length === 0 && equal(root1, root2) && (size1 > 0 || equal(root1, EMPTY_ROOT));
  }
  if (size1 === 0) {
    return proof.length === 0 && equal(root1, EMPTY_ROOT);
  }
  return verifyExtension(claim, proof);
}

function verifyExtension(
  { size1, root1, size2, root2 }: ConsistencyClaim,
  proof: readonly Uint8Array[],
): boolean {
  let [node, last] = [size1 - 1, size2 - 1];
  while (isOdd(node)) {
    [node, last] = [half(node), half(last)];
  }
  // Where the smaller tree is a perfect subtree of the larger one, its root stands for the first hash.
  const [first, ...siblings] = node === 0 ? [root1, ...proof] : proof;
  if (first === undefined) {
    return false;
  }
  let [hash1, hash2] = [first, first];
  for (const sibling of siblings) {
    if (last === 0) {
      return false;
    }
    if (isOdd(node) || node === last) {
      hash1 = nodeHashOf(sibling, hash1);
      hash2 = nodeHashOf(sibling, hash2);
      while (!isOdd(node) && node !== 0) {
        [node, last] = [half(node), half(last)];
      }
    } else {
      hash2 = nodeHashOf(hash2, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && equal(hash1, root1) && equal(hash2, root2);
}

function equal(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}
