import type { JsonObject, JsonValue } from '../../model/json.js';
import { isJsonArray, isJsonObject, objectFromPairs } from '../../serialize/json/json-shape.js';
import { encodeValue } from '../../serialize/json/value-codec.js';
import { encodedMembers } from '../../serialize/json/value-decoder.js';
import { MAX_VALUE_DEPTH } from '../../serialize/json/value-limits.js';
import { looksLikeTag, readTag } from '../../serialize/json/value-tags.js';
import { unescapeText } from '../../serialize/text/safe-text.js';
import { HIDDEN, type HiddenPaths } from '../access/hidden-paths.js';

/** A recorded value is bounded already; this only keeps a custom type from answering with something endless. */
const LIMITS = { maxValueBytes: 64 * 1024 * 1024, maxDepth: MAX_VALUE_DEPTH };

/**
 * A decoded value of a path as the API shows it to one reader: JSON as it is, times as ISO texts, bigints as decimal
 * texts, bytes as `{"$binary": base64}`, masked values as `{"$masked": kind, "value"?}`, what the reader may not see as
 * `{"$hidden": true}`, what the trail does not hold in full as `{"$undecodable": ...}`. JSON of the application that looks
 * like one of these is `{"$object": [[key, value], ...]}`.
 */
export function wireValue(path: string, value: unknown, hidden: HiddenPaths): JsonValue {
  return wireJson(hidden.apply(path, storedValue(value)));
}

/** A decoded value in the form in which it is stored, where nothing but a tag looks like one. */
export function storedValue(value: unknown): JsonValue {
  return encodeValue(value, LIMITS);
}

/** A value in stored form as the API shows it. */
export function wireJson(json: JsonValue): JsonValue {
  if (isJsonArray(json)) {
    return json.map(wireJson);
  }
  if (!isJsonObject(json)) {
    return json;
  }
  const members = encodedMembers(json);
  const tag = members === null ? readTag(json) : null;
  return tag ? ofTag(tag.name, tag.payload) : wireMembers(members ?? []);
}

function wireMembers(members: readonly (readonly [string, JsonValue])[]): JsonObject {
  const shown = members.map(([key, member]) => [key, wireJson(member)] as const);
  const keys = shown.map(([key]) => key);
  return looksLikeTag(keys) || keys.includes('$masked') ? { $object: shown } : objectFromPairs(shown);
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
    case '$hidden':
      return HIDDEN;
    case '$set':
    case '$map':
      return wireJson(payload);
    case '$entity':
      return { $entity: wireJson(payload) };
    case '$mask':
      return maskedValue(payload as JsonObject);
    default:
      return { $undecodable: { [name.slice(1)]: payload } };
  }
}

function maskedValue({ kind, value }: JsonObject): JsonValue {
  return { $masked: kind ?? null, ...(value === undefined ? {} : { value }) };
}
