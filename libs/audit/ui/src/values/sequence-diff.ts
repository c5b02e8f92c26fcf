/** A run of a sequence that both have, that only the first has, or that only the second has. */
export interface Run<Item> {
  readonly side: 'both' | 'before' | 'after';
  readonly items: readonly Item[];
}

/** Above this many steps the middle counts as rewritten: nobody reads such a difference word by word. */
const MAX_CELLS = 4_000_000;

/** The difference of two sequences by their longest common subsequence; removals stand before additions. */
export function diffSequences<Item>(before: readonly Item[], after: readonly Item[]): readonly Run<Item>[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  const room = Math.min(before.length, after.length) - start;
  while (end < room && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  const was = before.slice(start, before.length - end);
  const is = after.slice(start, after.length - end);
  return joined([
    { side: 'both', items: before.slice(0, start) },
    ...(was.length * is.length > MAX_CELLS ? rewritten(was, is) : longestCommon(was, is)),
    { side: 'both', items: before.slice(before.length - end) },
  ]);
}

function rewritten<Item>(was: readonly Item[], is: readonly Item[]): readonly Run<Item>[] {
  return [
    { side: 'before', items: was },
    { side: 'after', items: is },
  ];
}

function longestCommon<Item>(was: readonly Item[], is: readonly Item[]): readonly Run<Item>[] {
  const width = is.length + 1;
  // Length of the longest common subsequence of what follows, row by row.
  const lengths = new Uint32Array((was.length + 1) * width);
  const at = (row: number, column: number): number => lengths[row * width + column] ?? 0;
  for (let row = was.length - 1; row >= 0; row--) {
    for (let column = is.length - 1; column >= 0; column--) {
      lengths[row * width + column] =
        was[row] === is[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const runs: Run<Item>[] = [];
  let row = 0;
  let column = 0;
  while (row < was.length && column < is.length) {
    const left = was[row] as Item;
    const right = is[column] as Item;
    if (left === right) {
      runs.push({ side: 'both', items: [left] });
      row++;
      column++;
    } else if (at(row + 1, column) >= at(row, column + 1)) {
      runs.push({ side: 'before', items: [left] });
      row++;
    } else {
      runs.push({ side: 'after', items: [right] });
      column++;
    }
  }
  return [...runs, ...rewritten(was.slice(row), is.slice(column))];
}

function joined<Item>(runs: readonly Run<Item>[]): readonly Run<Item>[] {
  const result: { side: Run<Item>['side']; items: Item[] }[] = [];
  for (const { side, items } of runs) {
    const last = result.at(-1);
    if (items.length === 0) continue;
    if (last?.side === side) last.items.push(...items);
    else result.push({ side, items: [...items] });
  }
  return result;
}
