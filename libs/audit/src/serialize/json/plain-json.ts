import type { JsonValue } from '../../model/json.js';
import { isSafeText } from '../text/safe-text.js';
import { isJsonArray, isJsonObject } from './json-shape.js';
import { JSON_BYTES_PER_UNIT, type ValueLimits } from './value-limits.js';
import { looksLikeTag } from './value-tags.js';

/**
 * The value of a JSON text, if nothing in it has to be tagged, masked or cut to be recorded; else undefined, and for what is
 * no JSON too.
 */
export function plainJson(
  text: string,
  { maxValueBytes, maxDepth }: ValueLimits,
  isSecret: (key: string) => boolean,
): JsonValue | undefined {
  if (text.length * JSON_BYTES_PER_UNIT > maxValueBytes) {
    return undefined;
  }
  try {
    const json = JSON.parse(text) as JsonValue;
    return isPlain(json, maxDepth, isSecret) ? json : undefined;
  } catch {
    return undefined;
  }
}

function isPlain(json: JsonValue, depth: number, isSecret: (key: string) => boolean): boolean {
  if (typeof json === 'string') {
    return isSafeText(json);
  }
  if (typeof json === 'number') {
    return Number.isFinite(json) && !Object.is(json, -0);
  }
  if (isJsonArray(json)) {
    return depth > 0 && json.every((item) => isPlain(item, depth - 1, isSecret));
  }
  if (!isJsonObject(json)) {
    return true;
  }
  if (depth <= 0) {
    return false;
  }
  const keys = Object.keys(json);
  return (
    !looksLikeTag(keys) &&
    keys.every(
      (key) =>
        key !== '__proto__' &&
        isSafeText(key) &&
        !isSecret(key) &&
        isPlain(json[key] ?? null, depth - 1, isSecret),
    )
  );
}
