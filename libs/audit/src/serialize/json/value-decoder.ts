import type { JsonObject, JsonValue } from '../../model/json.js';
import { unescapeText } from '../text/safe-text.js';
import { EntityLink } from './entity-link.js';
import { isJsonArray, isJsonObject, objectFromPairs } from './json-shape.js';
import { decodeMask } from './mask.js';
import { UndecodableValue } from './undecodable-value.js';
import { readTag } from './value-tags.js';

/** Deeper JSON than encoding writes (at most four levels for one of the value) is left as it is. */
const maxJsonDepth = 1_000;

/** The answer of a tag reader to a payload that encoding does not write. */
const notATag = Symbol('not a tag');

type TagReader = (payload: JsonValue, depth: number) => unknown;

const isoDate = /^(?:\d{4}|[+-]\d{6})-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const numbers: ReadonlyMap<JsonValue, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
  ['-0', -0],
]);

const readers: ReadonlyMap<string, TagReader> = new Map<string, TagReader>([
  ['$date', readDate],
  ['$bigint', readBigint],
  ['$number', (payload) => numbers.get(payload) ?? notATag],
  ['$bytes', readBytes],
  ['$string', (payload) => readText(payload) ?? notATag],
  ['$undefined', (payload) => (payload === true ? undefined : notATag)],
  ['$set', (payload, depth) => (isJsonArray(payload) ? new Set(decodeItems(payload, depth)) : notATag)],
  ['$map', readMap],
  ['$object', readObject],
  ['$entity', readEntity],
  ['$collection', readCollection],
  ['$mask', (payload) => (isJsonObject(payload) ? decodeMask(payload) : null) ?? notATag],
  ['$cut', (payload) => (isJsonObject(payload) ? new UndecodableValue('cut', payload) : notATag)],
  ['$cycle', (payload) => (payload === true ? new UndecodableValue('cycle', true) : notATag)],
  ['$error', (payload) => (typeof payload === 'string' ? new UndecodableValue('error', payload) : notATag)],
  [
    '$unsupported',
    (payload) => (typeof payload === 'string' ? new UndecodableValue('unsupported', payload) : notATag),
  ],
]);

/** The value that tagged JSON stands for. Anything but a well-formed tag is taken as the JSON it is; never throws. */
export function decodeJson(json: JsonValue, depth = 0): unknown {
  if (typeof json !== 'object' || json === null || depth > maxJsonDepth) {
    return json;
  }
  if (isJsonArray(json)) {
    return decodeItems(json, depth);
  }
  const tag = readTag(json);
  if (tag === null) {
    return objectFromPairs(
      Object.entries(json).map(([key, member]) => [key, decodeJson(member, depth + 1)] as const),
    );
  }
  const reader = readers.get(tag.name);
  const value = reader === undefined ? notATag : reader(tag.payload, depth + 1);
  return value === notATag ? json : value;
}

function decodeItems(items: readonly JsonValue[], depth: number): unknown[] {
  return items.map((item) => decodeJson(item, depth + 1));
}

function readDate(payload: JsonValue): unknown {
  if (payload === 'Invalid Date') {
    return new Date(Number.NaN);
  }
  if (typeof payload !== 'string' || !isoDate.test(payload)) {
    return notATag;
  }
  const date = new Date(payload);
  return Number.isNaN(date.getTime()) ? notATag : date;
}

function readBigint(payload: JsonValue): unknown {
  return typeof payload === 'string' && /^-?\d+$/.test(payload) ? BigInt(payload) : notATag;
}

function readBytes(payload: JsonValue): unknown {
  if (typeof payload !== 'string') {
    return notATag;
  }
  const bytes = Buffer.from(payload, 'base64');
  // `Buffer.from` skips what is not base64.
  return bytes.toString('base64') === payload ? bytes : notATag;
}

function readText(payload: JsonValue): string | null {
  return typeof payload === 'string' ? unescapeText(payload) : null;
}

function readMap(payload: JsonValue, depth: number): unknown {
  const pairs = readPairs(payload);
  return pairs === null
    ? notATag
    : new Map(pairs.map(([key, value]) => [decodeJson(key, depth), decodeJson(value, depth)]));
}

function readObject(payload: JsonValue, depth: number): unknown {
  const members = readMembers(payload);
  return members === null
    ? notATag
    : objectFromPairs(members.map(([key, member]) => [key, decodeJson(member, depth)] as const));
}

/** The members of an encoded object, whether they are escaped or not; null when it is another tag. */
export function encodedMembers(json: JsonObject): readonly (readonly [string, JsonValue])[] | null {
  const tag = readTag(json);
  if (tag === null) {
    return Object.entries(json);
  }
  return tag.name === '$object' ? readMembers(tag.payload) : null;
}

function readMembers(payload: JsonValue): readonly (readonly [string, JsonValue])[] | null {
  const pairs = readPairs(payload);
  if (pairs === null) {
    return null;
  }
  const members: [string, JsonValue][] = [];
  for (const [keyJson, member] of pairs) {
    const key = decodeJson(keyJson);
    if (typeof key !== 'string') {
      return null;
    }
    members.push([key, member]);
  }
  return members;
}

function readPairs(payload: JsonValue): readonly (readonly [JsonValue, JsonValue])[] | null {
  if (!isJsonArray(payload)) {
    return null;
  }
  const pairs: [JsonValue, JsonValue][] = [];
  for (const pair of payload) {
    if (!isJsonArray(pair) || pair.length !== 2) {
      return null;
    }
    pairs.push([pair[0] ?? null, pair[1] ?? null]);
  }
  return pairs;
}

function readEntity(payload: JsonValue, depth: number): unknown {
  if (!isJsonObject(payload)) {
    return notATag;
  }
  const { class: className, key } = payload;
  const isLink = (className === null || typeof className === 'string') && key !== undefined;
  return isLink ? new EntityLink(className, decodeJson(key, depth)) : notATag;
}

function readCollection(payload: JsonValue, depth: number): unknown {
  if (payload === null) {
    return new UndecodableValue('collection', null);
  }
  return isJsonArray(payload) ? decodeItems(payload, depth) : notATag;
}
