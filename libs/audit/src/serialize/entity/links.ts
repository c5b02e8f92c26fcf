import type { JsonObject, JsonValue } from '../../model/json.js';
import { isJsonArray } from '../json/json-shape.js';
import { readTag } from '../json/value-tags.js';

/**
 * Links of a many-to-many relation in the trail: `{"$links": [ids]}`. In `before` stand the links that were lost, in
 * `after` those that came; together with the links before, that gives the links after.
 */
export function encodeLinks(ids: Iterable<string>): JsonObject {
  return { $links: [...ids] };
}

/** A relation whose order is data is stored as whole lists: `{"$list": [ids]}`. */
export function encodeLinkList(ids: Iterable<string>): JsonObject {
  return { $list: [...ids] };
}

/** The ids of an encoded link change; undefined when the value is none. */
export function linkIds(value: JsonValue | undefined): readonly string[] | undefined {
  return value === undefined ? undefined : (idsUnder(value, '$links') ?? idsUnder(value, '$list'));
}

/** Whether a value is a difference of links, as opposed to a whole list or no links at all. */
export function isLinkDifference(value: JsonValue | undefined): boolean {
  return value !== undefined && idsUnder(value, '$links') !== undefined;
}

function idsUnder(value: JsonValue, tag: string): readonly string[] | undefined {
  const found = readTag(value);
  return found?.name === tag && isJsonArray(found.payload) ? found.payload.map(String) : undefined;
}
