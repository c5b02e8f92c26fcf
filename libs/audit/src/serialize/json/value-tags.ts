import type { JsonObject, JsonValue } from '../../model/json.js';
import { displayText, escapeText, isSafeText } from '../text/safe-text.js';
import { isJsonObject, objectFromPairs } from './json-shape.js';

// A tag is an object with exactly one key, and that key begins with `$`. The table of tags is in value-codec.ts.

const maxErrorLength = 200;

/** The tag and its payload; null when the JSON is not an object with exactly one key that begins with `$`. */
export function readTag(json: JsonValue): { readonly name: string; readonly payload: JsonValue } | null {
  if (!isJsonObject(json)) {
    return null;
  }
  const keys = Object.keys(json);
  const [name] = keys;
  return name !== undefined && looksLikeTag(keys) ? { name, payload: json[name] ?? null } : null;
}

/** Whether an object with these keys would be taken for a tag. */
export function looksLikeTag([first, second]: readonly string[]): boolean {
  return second === undefined && first !== undefined && first.startsWith('$');
}

/**
 * An object of encoded members, or `{"$object":[[key,member],…]}` when jsonb cannot hold a key, and when it would be taken
 * for a tag: what an application stores never looks like one.
 */
export function encodeMembers(members: readonly (readonly [string, JsonValue])[]): JsonObject {
  const keys = members.map(([key]) => key);
  return looksLikeTag(keys) || !keys.every(isSafeText)
    ? { $object: members.map(([key, member]) => [encodeText(key), member]) }
    : objectFromPairs(members);
}

/** `text` itself, or `{"$string":escaped}` when jsonb cannot hold it. */
export function encodeText(text: string): JsonValue {
  return isSafeText(text) ? text : { $string: escapeText(text) };
}

/** The number itself, or `{"$number":...}` for NaN, the infinities and -0, which JSON loses. */
export function encodeNumber(value: number): JsonValue {
  if (Number.isFinite(value) && !Object.is(value, -0)) {
    return value;
  }
  return { $number: Object.is(value, -0) ? '-0' : String(value) };
}

/** `{"$date":iso}`, or `{"$date":"Invalid Date"}`. */
export function encodeDate(value: Date): JsonObject {
  // Not `value.toISOString()`: a subclass may have another one.
  const time = Date.prototype.getTime.call(value);
  return { $date: Number.isNaN(time) ? 'Invalid Date' : new Date(time).toISOString() };
}

/** `{"$unsupported":type}` for what has no data of its own. */
export function unsupportedTag(type: string): JsonObject {
  return { $unsupported: type };
}

/** `{"$error":text}`; takes anything that can be thrown and does not throw itself. */
export function errorTag(thrown: unknown): JsonObject {
  return { $error: displayText(errorText(thrown), maxErrorLength) };
}

function errorText(thrown: unknown): string {
  try {
    // By shape: `instanceof Error` fails across realms.
    if (typeof thrown === 'object' && thrown !== null && 'message' in thrown) {
      return 'name' in thrown ? `${thrown.name}: ${thrown.message}` : `${thrown.message}`;
    }
    return String(thrown);
  } catch {
    return 'unreadable error';
  }
}
