import type { EntityProperty } from '@mikro-orm/core';
import type { JsonValue } from '../model/json.js';

/**
 * What PostgreSQL makes of an encoded value when it stores it; undefined when only the database knows, so that the
 * stored row must be read.
 */
export type StoredForm = (sent: JsonValue) => JsonValue | undefined;

const MICROSECONDS_PRECISION = 6;
const asSent: StoredForm = (sent) => sent;
const onlyDatabaseKnows: StoredForm = () => undefined;

const AS_SENT = new Set([
  'text',
  'varchar',
  'character varying',
  'int',
  'integer',
  'int4',
  'serial',
  'bigint',
  'int8',
  'bigserial',
  'smallint',
  'int2',
  'smallserial',
  'boolean',
  'bool',
  'double precision',
  'float8',
  'json',
  'jsonb',
  'bytea',
]);

/** Decided once per property, from its column type. Types that are not listed here are read back. */
export function storedFormOf(prop: EntityProperty): StoredForm {
  const [columnType = '', ...furtherColumns] = prop.columnTypes ?? [];
  if (furtherColumns.length > 0) {
    return asSent;
  }
  const { type, length, scale } = parseColumnType(columnType);
  if (
    prop.nativeEnumName !== undefined ||
    AS_SENT.has(type) ||
    (type.endsWith('[]') && AS_SENT.has(type.slice(0, -2)))
  ) {
    return asSent;
  }
  switch (type) {
    case 'numeric':
    case 'decimal':
      return length === undefined ? asSent : (sent) => roundDecimal(sent, scale ?? 0);
    case 'timestamptz':
    case 'timestamp with time zone':
    case 'timestamp':
    case 'timestamp without time zone':
      return (sent) => roundInstant(sent, length ?? MICROSECONDS_PRECISION);
    case 'uuid':
      return (sent) => (typeof sent === 'string' ? sent.toLowerCase() : sent);
    case 'date':
      return ifMatches(/^\d{4}-\d\d-\d\d$/);
    case 'time':
    case 'time without time zone':
      return ifMatches(/^\d\d:\d\d:\d\d$/);
    case 'real':
    case 'float4':
      return (sent) => (typeof sent === 'number' && Math.fround(sent) === sent ? sent : undefined);
    default:
      return onlyDatabaseKnows;
  }
}

function ifMatches(pattern: RegExp): StoredForm {
  return (sent) => (typeof sent === 'string' && pattern.test(sent) ? sent : undefined);
}

/** PostgreSQL rounds numeric half away from zero. */
function roundDecimal(sent: JsonValue, scale: number): JsonValue | undefined {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(String(sent));
  if (!match || (typeof sent !== 'string' && typeof sent !== 'number')) {
    return undefined;
  }
  const [, sign, whole = '', fraction = ''] = match;
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

/** PostgreSQL rounds timestamps to the precision of the column; JavaScript has milliseconds. */
function roundInstant(sent: JsonValue, precision: number): JsonValue | undefined {
  const time = typeof sent === 'string' ? Date.parse(sent) : Number.NaN;
  if (Number.isNaN(time)) {
    return undefined;
  }
  const unit = 10 ** Math.max(0, 3 - precision);
  return new Date(Math.round(time / unit) * unit).toISOString();
}

function parseColumnType(columnType: string): {
  type: string;
  length: number | undefined;
  scale: number | undefined;
} {
  const match = /^([^(]+?)\s*(?:\((\d+)(?:\s*,\s*(\d+))?\))?(\s.*)?$/.exec(columnType.toLowerCase().trim());
  const [, base = '', length, scale, suffix = ''] = match ?? [];
  return {
    type: `${base}${suffix}`,
    length: length === undefined ? undefined : Number(length),
    scale: scale === undefined ? undefined : Number(scale),
  };
}
