import type { JsonValue } from '../../model/json.js';
import { isSafeText } from '../text/safe-text.js';
import { cutBySize } from './value-cut.js';
import { decodeJson } from './value-decoder.js';
import { ValueEncoder } from './value-encoder.js';
import { JSON_BYTES_PER_UNIT, MAX_VALUE_DEPTH, MIN_VALUE_BYTES, type ValueLimits } from './value-limits.js';
import { errorTag } from './value-tags.js';

export { EntityLink } from './entity-link.js';
export { UndecodableValue } from './undecodable-value.js';
export { DEFAULT_VALUE_LIMITS, type ValueLimits } from './value-limits.js';

/**
 * Turns any JavaScript value into JSON that a person can read and `jsonb` accepts. Never throws, never runs a query:
 * of MikroORM entities, references and collections only the primary key is taken. Plain JSON stays itself; everything
 * else is a tag, an object with exactly one key, which begins with `$`:
 *
 * | tag | stands for |
 * |---|---|
 * | `{"$date":"2024-05-01T00:00:00.000Z"}` | Date, also `"Invalid Date"` |
 * | `{"$bigint":"9"}` | bigint |
 * | `{"$number":"NaN"}` | NaN, Infinity, -Infinity, -0 |
 * | `{"$bytes":"<base64>"}` | Buffer, ArrayBuffer, typed array, DataView; decoded as Buffer |
 * | `{"$string":"a%u0000"}` | text with NUL or lone surrogates, these and `%` as `%uXXXX` |
 * | `{"$undefined":true}` | undefined, in an array or as the whole value; undefined members are left out |
 * | `{"$map":[[key,value],…]}`, `{"$set":[…]}` | Map, Set |
 * | `{"$object":[[key,value],…]}` | object whose keys JSON or the tags do not allow |
 * | `{"$entity":{"class":…,"key":…}}` | MikroORM entity or reference; decoded as `EntityLink` |
 * | `{"$collection":[…] or null}` | MikroORM collection; null when it was not loaded |
 * | `{"$mask":{"kind":…,"value":…}}` | hidden value; decoded as `MaskedValue` |
 * | `{"$cut":{"reason":…,…}}` | too long or too deep (`CutDetail`); decoded as `UndecodableValue`, as are the next |
 * | `{"$cycle":true}` | object that contains itself |
 * | `{"$error":"…"}` | member that could not be read |
 * | `{"$unsupported":"function"}` | function, symbol, promise and other things without data |
 *
 * Class instances are recorded as their own enumerable properties, unless their `toJSON` answers with a primitive.
 *
 * @param maskKey asked for each object key (and text key of a map) at any depth; an answer other than undefined, so also
 *   null, is recorded in place of the member, which is then not read
 */
export function encodeValue(
  value: unknown,
  limits: ValueLimits,
  maskKey?: (key: string) => JsonValue | undefined,
): JsonValue {
  const maxBytes = Math.max(limits.maxValueBytes, MIN_VALUE_BYTES);
  if (isItself(value, maxBytes)) {
    return value;
  }
  try {
    const maxDepth = Math.min(limits.maxDepth, MAX_VALUE_DEPTH);
    const encoder = new ValueEncoder({ maxDepth, maxBytes, maskKey });
    const encoded = encoder.encode(value);
    return encoder.complete && fits(encoded, maxBytes)
      ? encoded
      : cutBySize(encoded, { complete: encoder.complete, maxBytes });
  } catch (error) {
    return errorTag(error);
  }
}

/**
 * Inverse of `encodeValue`. A value that was not recorded in full becomes an `UndecodableValue`, a hidden one a
 * `MaskedValue`. Never throws: JSON that `encodeValue` does not write (unknown tags, wrong payloads) is returned as it
 * is.
 */
export function decodeValue(json: JsonValue): unknown {
  return decodeJson(json);
}

/** Most values: they need no encoder. */
function isItself(value: unknown, maxBytes: number): value is string | number | boolean | null {
  switch (typeof value) {
    case 'string':
      return value.length * JSON_BYTES_PER_UNIT + 2 <= maxBytes && isSafeText(value);
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0);
    case 'boolean':
      return true;
    default:
      return value === null;
  }
}

function fits(encoded: JsonValue, maxBytes: number): boolean {
  if (typeof encoded === 'string') {
    if (encoded.length > maxBytes) {
      return false;
    }
    if (encoded.length * JSON_BYTES_PER_UNIT + 2 <= maxBytes) {
      return true;
    }
  }
  return Buffer.byteLength(JSON.stringify(encoded)) <= maxBytes;
}
