import type { JsonObject, JsonValue } from '../../model/json.js';

/** True for a JSON array. `Array.isArray` alone does not narrow readonly arrays. */
export function isJsonArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** True for a JSON object: neither null nor an array. */
export function isJsonObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Builds a plain object from pairs. A later pair wins over an earlier one of the same key. Every key becomes an own
 * data property, also `__proto__`, for which an assignment would change the prototype instead.
 */
export function objectFromPairs<Value>(pairs: Iterable<readonly [string, Value]>): { [key: string]: Value } {
  const object: { [key: string]: Value } = {};
  for (const [key, value] of pairs) {
    if (key === '__proto__') {
      Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
    } else {
      object[key] = value;
    }
  }
  return object;
}
