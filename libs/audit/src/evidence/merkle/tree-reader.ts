import { EvidenceMissingError } from '../../errors/evidence-errors.js';
import { CompactRange } from './compact-range.js';
import { EMPTY_ROOT, foldHashes, nodeHashOf } from './hashes.js';

import { TILE_WIDTH, type TreeHashes } from './tree-hashes.js';
import { splitOf, subtreeSizes } from './tree-sizes.js';

/** Leaves from `start` to before `end`. */
interface LeafRange {
  readonly start: number;
  readonly end: number;
}

/**
 * A log as it was at one size: roots and proofs from stored hashes. A proof reads a tile or two of each level, three levels
 * for ten million leaves. Tiles are kept as long as the reader, so take one reader for one proof or a few.
 */
export class TreeReader {
  private readonly tiles = new Map<string, Promise<readonly Buffer[]>>();

  constructor(
    private readonly hashes: TreeHashes,
    readonly size: number,
  ) {}

  /** @throws EvidenceMissingError when fewer hashes are stored than the size says */
  async root(): Promise<Buffer> {
    return (await this.compactRange()).root();
  }

  /** The hashes needed to add leaves. */
  async compactRange(): Promise<CompactRange> {
    const roots: Buffer[] = [];
    let start = 0;
    for (const subtree of subtreeSizes(this.size)) {
      roots.push(await this.hashOf({ start, end: start + subtree }));
      start += subtree;
    }
    return CompactRange.of(this.size, roots);
  }

  /**
   * Hashes from the sibling of the leaf to the child of the root (RFC 6962, 2.1.1).
   * @param index from 0, less than the size
   */
  async inclusionProof(index: number): Promise<readonly Buffer[]> {
    if (!Number.isSafeInteger(index) || index < 0 || index >= this.size) {
      throw new RangeError(`A tree of ${this.size} leaves has no leaf ${index}.`);
    }
    const siblings: LeafRange[] = [];
    let [start, end] = [0, this.size];
    while (end - start > 1) {
      const middle = start + splitOf(end - start);
      if (index < middle) {
        siblings.unshift({ start: middle, end });
        end = middle;
      } else {
        siblings.unshift({ start, end: middle });
        start = middle;
      }
    }
    return this.hashesOf(siblings);
  }

  /**
   * Proof that this tree begins with the tree of an earlier size (RFC 6962, 2.1.2); empty for 0 and for the same size.
   * @param size at most that of this tree
   */
  async consistencyProof(size: number): Promise<readonly Buffer[]> {
    if (!Number.isSafeInteger(size) || size < 0 || size > this.size) {
      throw new RangeError(`A tree of ${this.size} leaves does not begin with one of ${size}.`);
    }
    if (size === 0 || size === this.size) {
      return [];
    }
    const ranges: LeafRange[] = [];
    let [start, end] = [0, this.size];
    // Down to the last subtree that both trees have.
    while (end !== size) {
      const middle = start + splitOf(end - start);
      if (size <= middle) {
        ranges.unshift({ start: middle, end });
        end = middle;
      } else {
        ranges.unshift({ start, end: middle });
        start = middle;
      }
    }
    return this.hashesOf(start === 0 ? ranges : [{ start, end }, ...ranges]);
  }

  private async hashesOf(ranges: readonly LeafRange[]): Promise<Buffer[]> {
    const hashes: Buffer[] = [];
    for (const range of ranges) {
      hashes.push(await this.hashOf(range));
    }
    return hashes;
  }

  /** @param range begins at a multiple of the power of two that it would be split at, as all ranges of a proof do */
  private async hashOf({ start, end }: LeafRange): Promise<Buffer> {
    let hash: Buffer | null = null;
    const ends = subtreeSizes(end - start);
    let from = end;
    for (const subtree of ends.toReversed()) {
      from -= subtree;
      const left = await this.perfectHash(from, subtree);
      hash = hash === null ? left : nodeHashOf(left, hash);
    }
    return hash ?? EMPTY_ROOT;
  }

  /** @param leaves a power of two, which divides `start` */
  private async perfectHash(start: number, leaves: number): Promise<Buffer> {
    let [level, width] = [0, 1];
    while (width * TILE_WIDTH <= leaves) {
      [level, width] = [level + 1, width * TILE_WIDTH];
    }
    const [first, count] = [start / width, leaves / width];
    const tile = await this.tile(level, Math.floor(first / TILE_WIDTH));
    const offset = first % TILE_WIDTH;
    const hashes = tile.slice(offset, offset + count);
    if (hashes.length < count) {
      throw new EvidenceMissingError(level, first + hashes.length);
    }
    return foldHashes(hashes);
  }

  private tile(level: number, index: number): Promise<readonly Buffer[]> {
    const name = `${level}/${index}`;
    let tile = this.tiles.get(name);
    if (!tile) {
      const start = index * TILE_WIDTH;
      const available = Math.floor(this.size / TILE_WIDTH ** level) - start;
      tile = this.hashes.read(level, start, Math.min(TILE_WIDTH, available));
      this.tiles.set(name, tile);
    }
    return tile;
  }
}
