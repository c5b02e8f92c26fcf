import type { JsonObject, JsonValue } from '../../model/json.js';
import { isJsonArray, isJsonObject } from './json-shape.js';

/**
 * JSON text that is the same for equal values: object keys sorted by UTF-16 code units, no white space, numbers and
 * strings as `JSON.stringify` writes them (RFC 8785; unlike there, a lone surrogate is escaped and not an error).
 * Recursive: meant for values no deeper than a few thousand levels, deeper ones throw `RangeError`.
 */
export function canonicalJson(value: JsonValue): string {
  const parts: string[] = [];
  writeCanonical(value, parts);
  return parts.join('');
}

function writeCanonical(value: JsonValue, parts: string[]): void {
  if (isJsonArray(value)) {
    parts.push('[');
    for (let index = 0; index < value.length; index += 1) {
      if (index > 0) {
        parts.push(',');
      }
      writeCanonical(value[index] ?? null, parts);
    }
    parts.push(']');
  } else if (isJsonObject(value)) {
    parts.push('{');
    let separator = '';
    // The default order of `sort` is the order of UTF-16 code units.
    for (const key of Object.keys(value).sort()) {
      parts.push(separator, JSON.stringify(key), ':');
      writeCanonical(value[key] ?? null, parts);
      separator = ',';
    }
    parts.push('}');
  } else {
    parts.push(JSON.stringify(value));
  }
}

/**
 * True when both are the same JSON value; the order of object keys does not matter, `-0` equals `0`, tagged or not: `json` of
 * PostgreSQL keeps its sign, `jsonb` does not.
 * Iterative, so that no depth overflows the stack.
 *
 * @param agree whether two parts are taken for the same that are not; by default none are
 */
export function jsonEquals(
  left: JsonValue,
  right: JsonValue,
  agree?: (one: JsonValue, other: JsonValue) => boolean,
): boolean {
  const pending: [JsonValue, JsonValue][] = [[left, right]];
  for (let pair = pending.pop(); pair !== undefined; pair = pending.pop()) {
    const [a, b] = pair;
    if (a === b || agree?.(a, b) === true) {
      continue;
    }
    if (isJsonArray(a) && isJsonArray(b)) {
      if (!pairItems(a, b, pending)) {
        return false;
      }
    } else if (isJsonObject(a) && isJsonObject(b)) {
      if (!pairMembers(a, b, pending)) {
        return false;
      }
    } else if (!(isZero(a) && isZero(b))) {
      return false;
    }
  }
  return true;
}

function isZero(value: JsonValue): boolean {
  return value === 0 || (isJsonObject(value) && value.$number === '-0');
}

function pairItems(
  a: readonly JsonValue[],
  b: readonly JsonValue[],
  pending: [JsonValue, JsonValue][],
): boolean {
  if (a.length !== b.length) {
    return false;
  }
  for (let index = 0; index < a.length; index += 1) {
    pending.push([a[index] ?? null, b[index] ?? null]);
  }
  return true;
}

function pairMembers(a: JsonObject, b: JsonObject, pending: [JsonValue, JsonValue][]): boolean {
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) {
    return false;
  }
  for (const key of keys) {
    if (!Object.hasOwn(b, key)) {
      return false;
    }
    pending.push([a[key] ?? null, b[key] ?? null]);
  }
  return true;
}
