import { hash } from 'node:crypto';

/** Length of a SHA-256 hash in bytes. */
export const HASH_BYTES = 32;

/** Root of the tree without leaves: the hash of nothing (RFC 6962, 2.1). */
export const EMPTY_ROOT: Buffer = hash('sha256', '', 'buffer');

// A leaf and a node never hash to the same, because their first bytes differ.
const LEAF_PREFIX = 0;
const NODE_PREFIX = 1;

/** Hash of a leaf by its bytes, or by its text in UTF-8. */
export function leafHashOf(data: string | Uint8Array): Buffer {
  return typeof data === 'string'
    ? sha256(String.fromCharCode(LEAF_PREFIX) + data)
    : sha256(Buffer.concat([Buffer.of(LEAF_PREFIX), data]));
}

/** Hash of an inner node. */
export function nodeHashOf(left: Uint8Array, right: Uint8Array): Buffer {
  const node = Buffer.allocUnsafe(1 + 2 * HASH_BYTES);
  node[0] = NODE_PREFIX;
  node.set(left, 1);
  node.set(right, 1 + HASH_BYTES);
  return sha256(node);
}

/** By way of a text, because Node takes longer to make a buffer of its own than to hash. */
function sha256(data: string | Uint8Array): Buffer {
  return Buffer.from(hash('sha256', data, 'hex'), 'hex');
}

export function isHash(value: Uint8Array): boolean {
  return value.length === HASH_BYTES;
}

/** The root over the hashes of a perfect subtree; their number is a power of two. */
export function foldHashes(hashes: readonly Buffer[]): Buffer {
  let level = hashes;
  while (level.length > 1) {
    const above: Buffer[] = [];
    for (let index = 0; index + 1 < level.length; index += 2) {
      above.push(nodeHashOf(level[index] ?? EMPTY_ROOT, level[index + 1] ?? EMPTY_ROOT));
    }
    level = above;
  }
  return level[0] ?? EMPTY_ROOT;
}
