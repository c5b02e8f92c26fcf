import type { Json } from '../model/trail.js';

/** A value as it is shown: what it is, and why it may not be all of it. */
export type ShownValue =
  | { readonly kind: 'absent' }
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean' | 'number' | 'text'; readonly text: string }
  | { readonly kind: 'time'; readonly instant: string }
  | { readonly kind: 'tree'; readonly json: readonly Json[] | { readonly [key: string]: Json } }
  | { readonly kind: 'masked'; readonly mask: string; readonly rest: string | null }
  | { readonly kind: 'hidden' }
  | { readonly kind: 'binary'; readonly base64: string; readonly bytes: number }
  | { readonly kind: 'cut'; readonly prefix: string; readonly bytes: number | null }
  | { readonly kind: 'undecodable'; readonly raw: string };

const INSTANT = /^[+-]?\d{4,6}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)$/;
const TIME_TYPES = ['date', 'datetime', 'timestamp'];

/**
 * Tells what a value is.
 * @param value undefined when there is none
 * @param type name of the property's type; a text is shown as a time only if the property is one
 */
export function shownValue(value: Json | undefined, type?: string): ShownValue {
  if (value === undefined) return { kind: 'absent' };
  if (value === null) return { kind: 'null' };
  if (typeof value === 'boolean') return { kind: 'boolean', text: String(value) };
  if (typeof value === 'number') return { kind: 'number', text: String(value) };
  if (typeof value === 'string') return shownText(value, type);
  if (isObject(value)) return shownTag(value) ?? { kind: 'tree', json: value };
  return { kind: 'tree', json: value };
}

/** A value in one line, for where there is no room, and for comparing words. */
export function plainText(value: Json | undefined): string {
  const shown = shownValue(value);
  switch (shown.kind) {
    case 'absent':
      return '';
    case 'null':
      return 'null';
    case 'boolean':
    case 'number':
    case 'text':
      return shown.text;
    case 'time':
      return shown.instant;
    case 'tree':
      return JSON.stringify(shown.json);
    case 'masked':
      return shown.rest === null ? 'masked' : `masked, ${shown.rest}`;
    case 'hidden':
      return 'hidden';
    case 'binary':
      return `${shown.bytes} bytes`;
    case 'cut':
      return `${shown.prefix}…`;
    case 'undecodable':
      return shown.raw;
  }
}

/** Whether the JSON is an object, not an array. */
export function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shownText(text: string, type: string | undefined): ShownValue {
  const isTime = type !== undefined && TIME_TYPES.some((name) => type.toLowerCase().startsWith(name));
  if (isTime && INSTANT.test(text)) return { kind: 'time', instant: text };
  return { kind: type === 'number' || type === 'bigint' ? 'number' : 'text', text };
}

function shownTag(value: { readonly [key: string]: Json }): ShownValue | null {
  const names = Object.keys(value);
  if (typeof value.$masked === 'string' && names.every((name) => name === '$masked' || name === 'value')) {
    return {
      kind: 'masked',
      mask: value.$masked,
      rest: typeof value.value === 'string' ? value.value : null,
    };
  }
  if (names.length !== 1) return null;
  if (value.$hidden === true) return { kind: 'hidden' };
  if (typeof value.$binary === 'string') return binary(value.$binary);
  if (Array.isArray(value.$object)) return unescaped(value.$object);
  return names[0] === '$undecodable' ? undecodable(value.$undecodable) : shownStored(value);
}

/** Plans of restores hold values as they are stored. */
function shownStored(value: { readonly [key: string]: Json }): ShownValue | null {
  if (isObject(value.$mask))
    return shownTag({ $masked: value.$mask.kind ?? 'redact', value: value.$mask.value ?? null });
  if (typeof value.$date === 'string') return { kind: 'time', instant: value.$date };
  if (typeof value.$bigint === 'string') return { kind: 'number', text: value.$bigint };
  if (typeof value.$bytes === 'string') return binary(value.$bytes);
  return value.$cut === undefined ? null : undecodable({ cut: value.$cut });
}

/** JSON that would look like a tag, as pairs of names and values. */
function unescaped(pairs: readonly Json[]): ShownValue | null {
  const members = pairs.flatMap((pair: Json): [string, Json][] =>
    Array.isArray(pair) && typeof pair[0] === 'string' && pair[1] !== undefined ? [[pair[0], pair[1]]] : [],
  );
  return members.length === pairs.length ? { kind: 'tree', json: Object.fromEntries(members) } : null;
}

function binary(base64: string): ShownValue {
  const padding = /=*$/.exec(base64)?.[0].length ?? 0;
  return { kind: 'binary', base64, bytes: Math.max(0, Math.floor((base64.length * 3) / 4) - padding) };
}

/** A value that the trail does not hold in full; of a cut one it has the beginning. */
function undecodable(raw: Json | undefined): ShownValue {
  const cut = isObject(raw) ? raw.cut : undefined;
  if (isObject(cut)) {
    const prefix = typeof cut.prefix === 'string' ? cut.prefix : '';
    return { kind: 'cut', prefix, bytes: typeof cut.bytes === 'number' ? cut.bytes : null };
  }
  return { kind: 'undecodable', raw: typeof raw === 'string' ? raw : JSON.stringify(raw ?? null) };
}
