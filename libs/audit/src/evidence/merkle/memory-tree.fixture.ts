import { strictEqual } from 'node:assert';
import { CompactRange } from './compact-range.js';
import { leafHashOf } from './hashes.js';
import { TILE_WIDTH, type TreeHash, type TreeHashes } from './tree-hashes.js';

/** The stored hashes of a tree, which sees to it that a tile is read at most. */
export class Memory implements TreeHashes {
  readonly levels: Buffer[][] = [[]];
  readonly range = CompactRange.empty();
  reads = 0;

  add(leaf: Buffer): void {
    this.levels[0]?.push(leaf);
    for (const { level, index, hash } of this.range.append(leaf) as TreeHash[]) {
      this.levels[level] ??= [];
      const hashes = this.levels[level];
      strictEqual(index, hashes.length);
      hashes.push(hash);
    }
  }

  read(level: number, start: number, count: number): Promise<readonly Buffer[]> {
    this.reads += 1;
    strictEqual(Math.min(count, TILE_WIDTH), count);
    return Promise.resolve(this.levels[level]?.slice(start, start + count) ?? []);
  }
}

export function treeOf(size: number): Memory {
  const memory = new Memory();
  for (let index = 0; index < size; index += 1) {
    memory.add(leafHashOf(`leaf ${index}`));
  }
  return memory;
}
