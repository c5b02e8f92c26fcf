import type { EntityProperty, Platform } from '@mikro-orm/core';
import type { ColumnType } from '../../serialize/property/column-type.js';
import { dedented } from './sql-parts.js';

/** One column as SQL. Each expression takes one of the value and is null where that is. */
export interface ColumnSql {
  /** The value that the codec encodes, of type jsonb. */
  json(value: string): string;
  /** Its form in a key, of type text. */
  text(value: string): string;
  /** An expression by which two values are compared: equal only where the encoded ones are. */
  compared(value: string): string;
  /** Doubts about a value, before it is taken as it is. */
  readonly kind: 'text' | 'digits' | 'bytes' | 'short';
}

type Sql = (value: string) => string;

const ISO = 'YYYY-MM-DD"T"HH24:MI:SS.';
const MAX_EXACT_PRECISION = 3;

/** The form of a type that is not an array and no JSON. */
export function scalarSql(
  { base, length }: ColumnType,
  { runtimeType }: Pick<EntityProperty, 'runtimeType'>,
  platform: Platform,
): ColumnSql {
  const asJson: Sql = (value) => `to_jsonb(${value})`;
  const asText: Sql = (value) => `${value}::text`;
  const short = { json: asJson, text: asText, compared: (value: string) => value, kind: 'short' as const };
  switch (base) {
    case 'int':
    case 'smallint':
    case 'boolean':
    case 'uuid':
    case 'date':
      return short;
    case 'bigint':
      return { ...short, json: (value) => `to_jsonb(${value}::text)`, kind: 'digits' };
    case 'numeric':
      // Two with other numbers of zeros at the end are equal to PostgreSQL.
      return {
        ...short,
        json: (value) => `to_jsonb(${value}::text)`,
        compared: length === undefined ? asText : short.compared,
        kind: 'digits',
      };
    case 'real':
    case 'double precision':
      return { ...short, json: floatSql, text: numberText };
    case 'timestamptz':
    case 'timestamp':
      return instantSql(base, (length ?? 6) > MAX_EXACT_PRECISION && runtimeType === 'Date', platform);
    case 'bytea': {
      const base64: Sql = (value) => `replace(encode(${value}, 'base64'), chr(10), '')`;
      return {
        ...short,
        json: (value) =>
          `case when ${value} is not null then jsonb_build_object('$bytes', ${base64(value)}) end`,
        text: (value) => `('{"$bytes":"' || ${base64(value)} || '"}')`,
        kind: 'bytes',
      };
    }
    case 'text':
    case 'varchar':
      return { json: asJson, text: asText, compared: (value) => `${value}::text collate "C"`, kind: 'text' };
    case 'char':
    case 'inet': {
      // A cast to text takes blanks away, and adds the length of the net.
      const printed: Sql = (value) => `(to_jsonb(${value}) #>> '{}')`;
      return { json: asJson, text: printed, compared: printed, kind: 'text' };
    }
    case 'oid':
      return { ...short, json: (value) => `to_jsonb(${value}::bigint)` };
    case 'point':
      return { ...short, json: pointSql, text: asText, compared: asText };
    default:
      return { json: (value) => `to_jsonb(${value}::text)`, text: asText, compared: asText, kind: 'text' };
  }
}

/** JSON has no word for some floating-point numbers. */
function floatSql(value: string): string {
  return `case when ${value} in ('NaN', 'Infinity', '-Infinity') then jsonb_build_object('$number', ${value}::text) else to_jsonb(${value}) end`;
}

/** As JavaScript prints a number. */
function numberText(value: string): string {
  return dedented(`case when abs(${value}) >= 1e21 or abs(${value}) < 1e-6 and ${value} <> 0
    then regexp_replace(${value}::text, 'e([+-])0', 'e\\1') else to_jsonb(${value}) #>> '{}' end`);
}

/** The driver makes an object of it. */
function pointSql(value: string): string {
  const [x, y] = [0, 1].map((at) => floatSql(`(${value})[${at}]`));
  return `case when ${value} is not null then jsonb_build_object('x', ${x}, 'y', ${y}) end`;
}

/** @param isCut whether the entity has a `Date`, which has no microseconds */
function instantSql(base: 'timestamptz' | 'timestamp', isCut: boolean, platform: Platform): ColumnSql {
  const zone = base === 'timestamptz' ? 'Z' : platform.getTimezone();
  const offset = zone === 'Z' ? 'UTC' : zone;
  if (offset === undefined || offset === 'local') {
    // The instant that is meant depends on where the application runs.
    const text: Sql = (value) => `${value}::text`;
    return { json: (value) => `to_jsonb(${text(value)})`, text, compared: text, kind: 'short' };
  }
  const utc: Sql = (value) =>
    base === 'timestamptz'
      ? `(${value} at time zone 'UTC')`
      : zone === 'Z'
        ? value
        : `(${value} - interval '${offset}')`;
  const text: Sql = (value) => {
    const at = utc(value);
    const fraction = isCut
      ? `to_char(${at}, '${ISO}MS"Z"')`
      : `to_char(${at}, case when extract(microseconds from ${at})::int % 1000 = 0 then '${ISO}MS"Z"' else '${ISO}US"Z"' end)`;
    return dedented(`case when ${at} >= '0001-01-01' and ${at} < '10000-01-01' then ${fraction}
      when isfinite(${value}) then ${farYear(at)} || substr(${fraction.replaceAll('YYYY', '"0000"')}, 5) else ${value}::text end`);
  };
  return {
    json: (value) => `to_jsonb(${text(value)})`,
    text: (value) => `(${text(value)})`,
    compared: isCut ? (value) => `date_trunc('milliseconds', ${value})` : (value) => value,
    kind: 'short',
  };
}

/** Years as ISO 8601 has those without four digits; the one before 1 is 0. */
function farYear(at: string): string {
  const year = `(extract(year from ${at})::int + case when ${at} < '0001-01-01' then 1 else 0 end)`;
  return `case when ${year} = 0 then '0000' else case when ${year} < 0 then '-' else '+' end || lpad(abs(${year})::text, 6, '0') end`;
}
