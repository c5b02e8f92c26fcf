import type { JsonValue } from '../../model/json.js';
import { isJsonArray, isJsonObject } from '../json/json-shape.js';
import { intervalText } from '../text/interval-text.js';
import type { ColumnType } from './column-type.js';
import { elementOf } from './column-value.js';

/**
 * The form in which PostgreSQL stores an encoded value; undefined when only the database knows, so that the
 * stored row must be read.
 */
export type StoredForm = (sent: JsonValue) => JsonValue | undefined;

const MICROSECONDS_PRECISION = 6;
/** The result of `toISOString()` for years of four digits. */
const ISO_MILLISECONDS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const MAX_INT = 2_147_483_647;
/** Timestamps are counted from here, and rounded away from it. */
const EPOCH = Date.UTC(2000, 0, 1);

/** Decided once per property, from its column types. Types that are not listed here are read back. */
export function storedFormOf(columns: readonly ColumnType[]): StoredForm {
  const [only, second] = columns;
  if (only === undefined) {
    return (sent) => sent;
  }
  if (second === undefined) {
    return formOf(only);
  }
  const forms = columns.map(formOf);
  return (sent) => storedParts(sent, forms.values());
}

/** The key of a composite foreign key, part by part. */
function storedParts(sent: JsonValue, forms: Iterator<StoredForm>): JsonValue | undefined {
  if (isJsonArray(sent)) {
    return allOf(sent, (part) => storedParts(part, forms));
  }
  if (isJsonObject(sent) && 'type' in sent && 'id' in sent) {
    const [type, id] = [sent.type, sent.id].map((part) => storedParts(part ?? null, forms));
    return type === undefined || id === undefined ? undefined : { type, id };
  }
  const { value: form } = forms.next();
  return sent === null || form === undefined ? sent : form(sent);
}

function formOf(column: ColumnType): StoredForm {
  const form = column.isArray ? scalarFormOf(elementOf(column)) : scalarFormOf(column);
  if (!column.isArray) {
    return form;
  }
  const ofItem: StoredForm = (item) =>
    item === null ? null : isJsonArray(item) ? allOf(item, ofItem) : form(item);
  return (sent) => (isJsonArray(sent) ? allOf(sent, ofItem) : isCut(sent) ? sent : undefined);
}

function scalarFormOf({ base, length, scale }: ColumnType): StoredForm {
  switch (base) {
    case 'text':
      return ifText((text) => text);
    case 'varchar':
      return ifText((text) => (length === undefined ? text : characters(text, length)));
    case 'char':
      return ifText((text) => characters(text, length ?? 1).padEnd(paddedLength(text, length ?? 1)));
    case 'int':
    case 'smallint':
      return (sent) => (Number.isInteger(sent) && Math.abs(Number(sent)) <= MAX_INT ? sent : undefined);
    case 'bigint':
      return ifMatches(/^(?:0|-?[1-9]\d*)$/);
    case 'numeric':
      return length === undefined
        ? ifMatches(/^(?!-0(?:\.0*)?$)-?(?:0|[1-9]\d*)(?:\.\d+)?$/)
        : (sent) => roundDecimal(sent, scale ?? 0);
    case 'double precision':
      return (sent) => (typeof sent === 'number' ? sent : undefined);
    case 'real':
      return (sent) => (typeof sent === 'number' ? shortestReal(sent) : undefined);
    case 'boolean':
      return (sent) => (typeof sent === 'boolean' ? sent : undefined);
    case 'json':
    case 'jsonb':
      return (sent) => sent;
    case 'bytea':
      return (sent) => (isJsonObject(sent) && ('$bytes' in sent || '$cut' in sent) ? sent : undefined);
    case 'timestamptz':
    case 'timestamp':
      return (sent) => roundInstant(sent, length ?? MICROSECONDS_PRECISION);
    case 'uuid':
      return ifMatches(/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i, (text) => text.toLowerCase());
    case 'date':
      return ifMatches(/^\d{4}-\d\d-\d\d$/);
    case 'time':
      return ifMatches(/^\d\d:\d\d:\d\d$/);
    case 'timetz':
      return ifMatches(/^\d\d:\d\d:\d\d[+-]\d\d$/);
    case 'interval':
      return (sent) => knownInterval(sent, length ?? MICROSECONDS_PRECISION);
    default:
      return () => undefined;
  }
}

function allOf(items: readonly JsonValue[], form: StoredForm): JsonValue | undefined {
  const stored = items.map(form);
  return stored.includes(undefined) ? undefined : (stored as JsonValue[]);
}

function ifMatches(pattern: RegExp, form: (text: string) => string = (text) => text): StoredForm {
  return (sent) => (typeof sent === 'string' && pattern.test(sent) ? form(sent) : undefined);
}

/** A text that was cut or tagged is taken as it is. */
function ifText(form: (text: string) => string): StoredForm {
  return (sent) => (typeof sent === 'string' ? form(sent) : isJsonObject(sent) ? sent : undefined);
}

function isCut(value: JsonValue): boolean {
  return isJsonObject(value) && '$cut' in value;
}

/** PostgreSQL counts code points; it cuts without an error only what is blank. */
function characters(text: string, length: number): string {
  return text.length <= length ? text : Array.from(text).slice(0, length).join('');
}

/** In UTF-16 code units, which `padEnd` counts. */
function paddedLength(text: string, length: number): number {
  return length + text.length - Array.from(text).length;
}

/** PostgreSQL rounds numeric half away from zero. */
function roundDecimal(sent: JsonValue, scale: number): JsonValue | undefined {
  const match = typeof sent === 'string' ? /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(sent) : null;
  const [, sign, whole = '', fraction = ''] = match ?? [];
  if (whole === '' && fraction === '') {
    return undefined;
  }
  const digits =
    BigInt(whole + fraction.slice(0, scale).padEnd(scale, '0')) +
    (Number(fraction[scale] ?? 0) >= 5 ? 1n : 0n);
  const text = digits.toString().padStart(scale + 1, '0');
  const rounded = scale === 0 ? text : `${text.slice(0, -scale)}.${text.slice(-scale)}`;
  return sign === '-' && digits !== 0n ? `-${rounded}` : rounded;
}

/** The shortest number that is the same in single precision, as PostgreSQL prints it. */
function shortestReal(sent: number): number | undefined {
  const real = Math.fround(sent);
  for (let digits = 1; digits <= 9; digits += 1) {
    const shorter = Number(real.toPrecision(digits));
    if (Math.fround(shorter) === real) {
      return shorter;
    }
  }
  return undefined;
}

/** PostgreSQL rounds timestamps to the precision of the column. */
function roundInstant(sent: JsonValue, precision: number): JsonValue | undefined {
  if (precision >= 3 && typeof sent === 'string' && ISO_MILLISECONDS.test(sent)) {
    return sent;
  }
  const time = typeof sent === 'string' ? Date.parse(sent) : Number.NaN;
  if (Number.isNaN(time)) {
    return undefined;
  }
  if (precision >= 3) {
    return precision < MICROSECONDS_PRECISION ? undefined : sent;
  }
  const unit = 10 ** (3 - precision);
  const sinceEpoch = time - EPOCH;
  const rounded = Math.sign(sinceEpoch) * Math.round(Math.abs(sinceEpoch) / unit) * unit;
  return new Date(EPOCH + rounded).toISOString();
}

function knownInterval(sent: JsonValue, precision: number): JsonValue | undefined {
  const isKnown = typeof sent === 'string' && intervalText(sent) === sent;
  const fraction = isKnown ? (/\.(\d+)$/.exec(sent)?.[1]?.length ?? 0) : 0;
  return isKnown && fraction <= precision ? sent : undefined;
}
