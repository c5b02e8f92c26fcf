import type { JsonObject, JsonValue } from '../../model/json.js';
import { isJsonArray, isJsonObject, objectFromPairs } from '../../serialize/json/json-shape.js';
import { encodeValue } from '../../serialize/json/value-codec.js';
import { MAX_VALUE_DEPTH } from '../../serialize/json/value-limits.js';
import { readTag } from '../../serialize/json/value-tags.js';
import { unescapeText } from '../../serialize/text/safe-text.js';

/** What was recorded is bounded already; this only keeps a custom type from answering with something endless. */
const LIMITS = { maxValueBytes: 64 * 1024 * 1024, maxDepth: MAX_VALUE_DEPTH };

/**
 * A value as the API shows it: JSON as it is, times as ISO texts, bigints as decimal texts, bytes as `{"$binary": base64}`,
 * masked values as `{"$masked": kind, "value"?}`, what the trail does not hold in full as `{"$undecodable": ...}`.
 */
export function wireValue(value: unknown): JsonValue {
  return untagged(encodeValue(value, LIMITS));
}

function untagged(json: JsonValue): JsonValue {
  if (isJsonArray(json)) {
    return json.map(untagged);
  }
  if (!isJsonObject(json)) {
    return json;
  }
  const tag = readTag(json);
  return tag
    ? ofTag(tag.name, tag.payload)
    : objectFromPairs(Object.entries(json).map(([key, member]) => [key, untagged(member)] as const));
}

function ofTag(name: string, payload: JsonValue): JsonValue {
  switch (name) {
    case '$date':
    case '$bigint':
    case '$number':
      return payload;
    case '$string':
      return unescapeText(String(payload)) ?? payload;
    case '$bytes':
      return { $binary: payload };
    case '$undefined':
      return null;
    case '$set':
    case '$map':
      return untagged(payload);
    case '$object':
      return objectFromPairs(
        (payload as readonly (readonly [JsonValue, JsonValue])[]).map(
          ([key, member]) => [String(untagged(key)), untagged(member)] as const,
        ),
      );
    case '$entity':
      return { $entity: untagged(payload) };
    case '$mask':
      return maskedValue(payload as JsonObject);
    default:
      return { $undecodable: { [name.slice(1)]: payload } };
  }
}

function maskedValue({ kind, value }: JsonObject): JsonValue {
  return { $masked: kind ?? null, ...(value === undefined ? {} : { value }) };
}
