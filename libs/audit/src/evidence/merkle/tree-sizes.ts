/** Whether it can be the size of a tree, or a place in one: a whole number that JavaScript holds exactly. */
export function isTreeSize(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

/** The largest power of two that is less than a size above 1: where RFC 6962 splits a tree. */
export function splitOf(size: number): number {
  let split = 1;
  while (split * 2 < size) {
    split *= 2;
  }
  return split;
}

/**
 * Sizes of the perfect subtrees that a tree consists of, the largest first: those of its compact range. There are as many
 * as its size has ones in binary.
 */
export function subtreeSizes(size: number): number[] {
  const sizes: number[] = [];
  let rest = size;
  while (rest > 0) {
    const split = splitOf(rest + 1);
    sizes.push(split);
    rest -= split;
  }
  return sizes;
}
