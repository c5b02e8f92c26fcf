import type { ChangeRecord } from '../model/change-record.js';
import type { TargetsOf } from '../model/relation-target.js';
import { textArray } from './text-array.js';

/**
 * Changes as texts with a line for each of them, one text per column: type, id, root type, root id, operation, before,
 * after, labels, left root, new id, targets. An empty line is null, and so is every line of an empty text. Null when a type or an id
 * cannot be written like this; JSON always can, because it has no line breaks of its own.
 */
export function changeColumns(
  changes: readonly ChangeRecord[],
  targetsOf: TargetsOf,
): readonly string[] | null {
  const targets = changes.map((change) => targetsOf(change));
  return changes.every(isOneLine) && targets.every((each) => each?.every(isLine) ?? true)
    ? [
        lines(changes, ({ entityType }) => entityType),
        lines(changes, ({ entityId }) => entityId),
        lines(changes, ({ rootType }) => rootType),
        lines(changes, ({ rootId }) => rootId),
        lines(changes, ({ operation }) => operation),
        lines(changes, ({ before }) => before && JSON.stringify(before)),
        lines(changes, ({ after }) => after && JSON.stringify(after)),
        lines(changes, ({ labels }) => labels && JSON.stringify(labels)),
        lines(changes, ({ leftRootId }) => leftRootId),
        lines(changes, ({ renamedTo }) => renamedTo),
        lines(targets, (each) => each && textArray(each)),
      ]
    : null;
}

function lines<Item>(items: readonly Item[], textOf: (item: Item) => string | null | undefined): string {
  let all = '';
  let separators = '';
  for (const item of items) {
    const text = textOf(item);
    if (text) {
      all += separators + text;
      separators = '';
    }
    separators += '\n';
  }
  return all;
}

function isOneLine({ entityType, entityId, ...rest }: ChangeRecord): boolean {
  const { rootType, rootId, leftRootId = null, renamedTo = null } = rest;
  return (
    [entityType, entityId].every(isLine) && [rootType, rootId, leftRootId, renamedTo].every(isLineOrNull)
  );
}

function isLineOrNull(text: string | null): boolean {
  return text === null || isLine(text);
}

function isLine(text: string): boolean {
  return text !== '' && !text.includes('\n');
}
