/** Equal to every value: what the trail has masked or cut, on purpose. No text in PostgreSQL has a NUL. */
export const ANY_VALUE = '\u0000any value';

/** One spelling for everything that is equal in meaning. Inside JSON, numbers and strings have a prefix. */
export type NormalValue =
  | null
  | boolean
  | string
  | readonly NormalValue[]
  | { readonly [key: string]: NormalValue };

/** Deep equality; `ANY_VALUE` equals everything. */
export function sameValue(one: NormalValue | undefined, other: NormalValue | undefined): boolean {
  const [a, b] = [one ?? null, other ?? null];
  if (a === ANY_VALUE || b === ANY_VALUE || a === b) {
    return true;
  }
  if (Array.isArray(a) || Array.isArray(b)) {
    return (
      Array.isArray(a) &&
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((item, i) => sameValue(item, b[i]))
    );
  }
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return false;
  }
  const [left, right] = [a as Record<string, NormalValue>, b as Record<string, NormalValue>];
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && sameValue(left[key], right[key]))
  );
}

/** For messages. */
export function printValue(value: NormalValue | undefined): string {
  return JSON.stringify(value ?? null, (_key, item) => (item === ANY_VALUE ? '(any)' : item)) ?? 'null';
}
