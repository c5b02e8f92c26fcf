import { type ExactJson, ExactNumber } from './exact-json.js';
import { normalizeDay, normalizeDecimal, normalizeInstant, normalizeTime } from './normal-scalar.js';
import { ANY_VALUE, type NormalValue } from './normal-value.js';

/** How values of a column compare. */
export interface ColumnType {
  readonly kind:
    | 'number'
    | 'float'
    | 'real'
    | 'instant'
    | 'date'
    | 'time'
    | 'bytes'
    | 'json'
    | 'object'
    | 'text';
  readonly array: boolean;
  /** Of an `object`: what the stored JSON and the trail call each member. */
  readonly members?: readonly ObjectMember[];
}

/** A member of an embeddable that is stored as JSON. */
export interface ObjectMember {
  /** In the stored JSON. */
  readonly stored: string;
  /** In the trail. */
  readonly name: string;
  readonly type: ColumnType;
}

/** A table, where values are what they are, or the trail, where tags such as `{"$mask": ...}` mean something. */
export type Source = 'table' | 'trail';

/**
 * Both sides of the oracle in one spelling, by the type of the column: the truth as `to_jsonb` prints it and the trail
 * as the library writes it. Shares no code with the library's own encoder.
 */
export function normalize(value: ExactJson | undefined, type: ColumnType, source: Source): NormalValue {
  if (value === null || value === undefined) {
    return null;
  }
  if (source === 'trail' && isHidden(value)) {
    return ANY_VALUE;
  }
  if (type.array) {
    return Array.isArray(value) ? normalizeItems(value, type, source) : unexpected(value);
  }
  switch (type.kind) {
    case 'json':
      return normalizeJson(value, source);
    case 'object':
      return normalizeObject(value, type.members ?? [], source);
    case 'bytes':
      return normalizeBytes(value, source);
    default: {
      const text = textOf(value, source);
      return typeof text === 'string' ? normalizeText(text, type.kind) : (text ?? unexpected(value));
    }
  }
}

/** The payload of a tag such as `{"$links": [...]}`; undefined when the value is not that tag. */
export function tagged(value: ExactJson | undefined, tag: string): ExactJson | undefined {
  return isObject(value) && Object.hasOwn(value, tag) && Object.keys(value).length === 1
    ? value[tag]
    : undefined;
}

/** The values that the trail hides on purpose. */
export function isHidden(value: ExactJson): boolean {
  return tagged(value, '$mask') !== undefined || tagged(value, '$cut') !== undefined;
}

function isObject(value: ExactJson | undefined): value is { readonly [key: string]: ExactJson } {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber)
  );
}

function normalizeItems(items: readonly ExactJson[], type: ColumnType, source: Source): NormalValue {
  return items.map((item) => normalize(item, Array.isArray(item) ? type : { ...type, array: false }, source));
}

/** Scalars as text, booleans as they are; undefined for what no scalar column holds. */
function textOf(value: ExactJson, source: Source): string | boolean | undefined {
  if (typeof value === 'string' || typeof value === 'boolean') {
    return value;
  }
  if (typeof value === 'number' || value instanceof ExactNumber) {
    return value instanceof ExactNumber ? value.text : String(value);
  }
  const inTag =
    source === 'trail'
      ? (tagged(value, '$number') ?? tagged(value, '$bigint') ?? tagged(value, '$date'))
      : null;
  return typeof inTag === 'string' ? inTag : undefined;
}

function normalizeText(text: string, kind: ColumnType['kind']): string {
  switch (kind) {
    case 'number':
      return normalizeDecimal(text);
    case 'float':
      return String(Number(text));
    case 'real':
      return String(Math.fround(Number(text)));
    case 'instant':
      return normalizeInstant(text);
    case 'date':
      return normalizeDay(text);
    case 'time':
      return normalizeTime(text);
    default:
      return text;
  }
}

/** A form that no value of the column has, so that it differs from the truth and shows up in the finding. */
function unexpected(value: ExactJson): NormalValue {
  return { 'unexpected form': normalizeJson(value, 'table') };
}

/** Hex, from `\x6869` of `to_jsonb` and from `{"$bytes": base64}` of the trail. */
function normalizeBytes(value: ExactJson, source: Source): NormalValue {
  if (source === 'table') {
    return typeof value === 'string' ? value.replace(/^\\x/, '') : unexpected(value);
  }
  const base64 = tagged(value, '$bytes');
  return typeof base64 === 'string' ? Buffer.from(base64, 'base64').toString('hex') : unexpected(value);
}

/** Members by their names in the trail. A member that is null is like one that is missing. */
function normalizeObject(value: ExactJson, members: readonly ObjectMember[], source: Source): NormalValue {
  if (Array.isArray(value)) {
    return value.map((item) => normalizeObject(item, members, source));
  }
  if (!isObject(value)) {
    return value === null ? null : unexpected(value);
  }
  const named = membersOf(value, source).map(([key, item]): readonly [string, NormalValue] => {
    const member = members.find(({ stored, name }) => key === (source === 'table' ? stored : name));
    return member ? [member.name, normalize(item, member.type, source)] : [key, normalizeJson(item, source)];
  });
  return Object.fromEntries(named.filter(([, item]) => item !== null));
}

function normalizeJson(value: ExactJson, source: Source): NormalValue {
  if (value === null || typeof value === 'boolean') {
    return value;
  }
  if (typeof value === 'string') {
    return `"${value}`;
  }
  if (typeof value === 'number' || value instanceof ExactNumber) {
    return `#${normalizeDecimal(String(value))}`;
  }
  if (Array.isArray(value)) {
    return value.map((item) => normalizeJson(item, source));
  }
  if (source === 'trail') {
    if (isHidden(value)) {
      return ANY_VALUE;
    }
    const number = tagged(value, '$number') ?? tagged(value, '$bigint');
    if (typeof number === 'string') {
      return `#${normalizeDecimal(number)}`;
    }
  }
  return Object.fromEntries(
    membersOf(value, source).map(([key, item]) => [key, normalizeJson(item, source)]),
  );
}

/** The trail has `{"$object": [[key, value], ...]}` for an object that would look like one of its tags. */
function membersOf(
  value: readonly ExactJson[] | { readonly [key: string]: ExactJson },
  source: Source,
): [string, ExactJson][] {
  const pairs = source === 'trail' ? tagged(value, '$object') : undefined;
  return Array.isArray(pairs) ? (pairs as [string, ExactJson][]) : Object.entries(value);
}
