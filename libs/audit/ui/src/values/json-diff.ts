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

/** The differences between two JSON trees: objects by key, arrays as whole values unless both have the same length. */
export function diffJson(before: Json | undefined, after: Json | undefined): readonly LeafChange[] {
  return differences([], before, after);
}

/** Whether a difference can be shown by leaves: both are trees of the same kind. */
export function areComparableTrees(before: Json | undefined, after: Json | undefined): boolean {
  return comparableTrees(before, after) !== null;
}

function comparableTrees(before: Json | undefined, after: Json | undefined): readonly [Json, Json] | null {
  const [was, is] = [shownValue(before), shownValue(after)];
  return was.kind === 'tree' && is.kind === 'tree' && Array.isArray(was.json) === Array.isArray(is.json)
    ? [was.json, is.json]
    : null;
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
  const [was, is] = comparableTrees(before, after) ?? [];
  if (isObject(was) && isObject(is)) {
    const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])];
    return keys.flatMap((key) => differences([...path, key], ownValue(was, key), ownValue(is, key)));
  }
  if (Array.isArray(was) && Array.isArray(is) && was.length === is.length) {
    return was.flatMap((item: Json, index) => differences([...path, index], item, is[index] as Json));
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
