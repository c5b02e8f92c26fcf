/** How many hashes of one level are below a hash of the next one: the width of a tile of C2SP tlog-tiles. */
export const TILE_WIDTH = 256;

/** Height of a tile: its hashes are the leaves of a subtree of this height. */
export const TILE_HEIGHT = 8;

/**
 * A hash that proofs are made of: the root of the perfect subtree over the leaves from `index * 256 ** level` on, of
 * which there are `256 ** level`. On level 0 that is a leaf hash.
 */
export interface TreeHash {
  readonly level: number;
  readonly index: number;
  readonly hash: Buffer;
}

/** The stored hashes of a log. They are only ever added to. */
export interface TreeHashes {
  /**
   * Consecutive hashes of a level, `count` of them from the index `start` on, at most 256; on level 0 the index is the position.
   * Fewer where one is missing.
   */
  read(level: number, start: number, count: number): Promise<readonly Buffer[]>;
}
