import { EMPTY_ROOT, isHash, nodeHashOf } from './hashes.js';
import { TILE_HEIGHT, type TreeHash } from './tree-hashes.js';
import { subtreeSizes } from './tree-sizes.js';

/** All that has to be known of a tree to add leaves to it: the roots of the perfect subtrees that it consists of. */
export class CompactRange {
  private constructor(
    private count: number,
    /** The largest subtree first. */
    private readonly roots: Buffer[],
  ) {}

  static empty(): CompactRange {
    return new CompactRange(0, []);
  }

  /**
   * @param roots as `CompactRange.subtrees` has told them of a tree of this size
   * @throws RangeError when there cannot be that many, or one is no hash
   */
  static of(size: number, roots: readonly Buffer[]): CompactRange {
    const expected = subtreeSizes(size).length;
    if (roots.length !== expected || !roots.every(isHash)) {
      throw new RangeError(`A tree of ${size} leaves consists of ${expected} subtrees, not ${roots.length}.`);
    }
    return new CompactRange(size, [...roots]);
  }

  /** How many leaves there are. */
  get size(): number {
    return this.count;
  }

  /** Roots of the subtrees, the largest first. */
  get subtrees(): readonly Buffer[] {
    return this.roots;
  }

  /** @returns the hashes above level 0 that this leaf has completed; few leaves complete one */
  append(leafHash: Buffer): readonly TreeHash[] {
    if (!isHash(leafHash)) {
      throw new RangeError(`A leaf hash has 32 bytes, not ${leafHash.length}.`);
    }
    const completed: TreeHash[] = [];
    this.roots.push(leafHash);
    this.count += 1;
    let index = this.count;
    for (let height = 1; index % 2 === 0; height += 1) {
      index /= 2;
      const right = this.roots.pop() ?? EMPTY_ROOT;
      const left = this.roots.pop() ?? EMPTY_ROOT;
      const hash = nodeHashOf(left, right);
      this.roots.push(hash);
      if (height % TILE_HEIGHT === 0) {
        completed.push({ level: height / TILE_HEIGHT, index: index - 1, hash });
      }
    }
    return completed;
  }

  /** The root hash of RFC 6962. */
  root(): Buffer {
    let root = this.roots.at(-1) ?? EMPTY_ROOT;
    for (let place = this.roots.length - 2; place >= 0; place -= 1) {
      root = nodeHashOf(this.roots[place] ?? EMPTY_ROOT, root);
    }
    return root;
  }
}
