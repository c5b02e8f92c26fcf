import type { Json } from '../model/trail.js';
import { ownValue } from './own-value.js';
import { isObject, shownValue } from './value-kind.js';

/** A leaf of a JSON tree that differs. */
export interface LeafChange {
  /** Keys and indexes from the root. */
  readonly path: readonly (string | number)[];
  /** Undefined when it was not there. */
  readonly before: Json | undefined;
  /** Undefined when it is not there any more. */
  readonly after: Json | undefined;
}

/** What differs between two JSON trees: objects by key, arrays as whole values unless both have the same length. */
export function diffJson(before: Json | undefined, after: Json | undefined): readonly LeafChange[] {
  return differences([], before, after);
}

/** Whether a difference can be shown by leaves: both are trees of the same kind. */
export function areComparableTrees(before: Json | undefined, after: Json | undefined): boolean {
  const trees = shownValue(before).kind === 'tree' && shownValue(after).kind === 'tree';
  return trees && Array.isArray(before) === Array.isArray(after);
}

/** A path as people write it: `doors[2].colour`, keys that are no names in quotes. */
export function pathText(path: readonly (string | number)[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    if (!/^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(part)) return `${text}[${JSON.stringify(part)}]`;
    return text === '' ? part : `${text}.${part}`;
  }, '');
}

function differences(
  path: readonly (string | number)[],
  before: Json | undefined,
  after: Json | undefined,
): readonly LeafChange[] {
  if (isSame(before, after)) return [];
  if (areComparableTrees(before, after)) {
    if (isObject(before) && isObject(after)) {
      const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
      return keys.flatMap((key) => differences([...path, key], ownValue(before, key), ownValue(after, key)));
    }
    if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
      return before.flatMap((item: Json, index) => differences([...path, index], item, after[index] as Json));
    }
  }
  return [{ path, before, after }];
}

/** Whether two values are the same JSON; the order of keys does not count. */
export function isSame(left: Json | undefined, right: Json | undefined): boolean {
  if (left === right) return true;
  if (Array.isArray(left) && Array.isArray(right)) {
    return (
      left.length === right.length && left.every((item: Json, index) => isSame(item, right[index] as Json))
    );
  }
  if (!isObject(left) || !isObject(right)) return false;
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && isSame(ownValue(left, key), ownValue(right, key)))
  );
}
