import { isDate } from 'node:util/types';
import type { Platform } from '@mikro-orm/core';
import { parseArrayLiteral } from '../text/array-literal.js';
import { instantText } from '../text/instant-text.js';
import { intervalText } from '../text/interval-text.js';
import type { ColumnType } from './column-type.js';

/** Where a database-form value comes from: MikroORM keeps JSON columns as text, the driver gives them parsed. */
export type ValueSource = 'unit-of-work' | 'row';

/** Times without an end. MikroORM adds the zone in which it reads what has none. */
const INFINITE = /^(-?infinity)(?:Z|[+-]\d\d(?::?\d\d)?)?$/;

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/**
 * One form for a value of a column, whether a custom type, MikroORM or the driver made it: numbers where JSON has
 * room for them, exact texts where not, ISO instants, parsed JSON, arrays of such.
 */
export function columnValue(
  value: unknown,
  column: ColumnType | undefined,
  source: ValueSource,
  platform: Platform,
): unknown {
  if (value === null || value === undefined || column === undefined) {
    return value;
  }
  if (column.isArray) {
    const items = typeof value === 'string' ? (parseArrayLiteral(value) ?? value) : value;
    return Array.isArray(items)
      ? items.map((item) =>
          columnValue(item, Array.isArray(item) ? column : elementOf(column), 'row', platform),
        )
      : items;
  }
  return scalarValue(value, column.base, source, platform);
}

export function elementOf(column: ColumnType): ColumnType {
  return { ...column, isArray: false };
}

function scalarValue(value: unknown, base: string, source: ValueSource, platform: Platform): unknown {
  switch (base) {
    case 'int':
    case 'smallint':
    case 'double precision':
    case 'real':
      return numberValue(value);
    case 'bigint':
    case 'numeric':
      return typeof value === 'number' || typeof value === 'bigint' ? String(value) : value;
    case 'boolean':
      return booleanValue(value);
    case 'timestamptz':
    case 'timestamp':
      return instantValue(value, base, platform);
    case 'date':
      return isDate(value) ? dayOf(value, platform) : value;
    case 'interval':
      return intervalValue(value, platform);
    case 'json':
    case 'jsonb':
      return source === 'unit-of-work' && typeof value === 'string' ? parseJson(value) : value;
    default:
      // The driver sends UTF-8, which has no lone surrogates.
      return typeof value === 'string' ? value.toWellFormed() : value;
  }
}

function numberValue(value: unknown): unknown {
  if (typeof value === 'number') {
    // SQL has no literal for it.
    return Object.is(value, -0) ? 0 : value;
  }
  return (typeof value === 'string' && NUMBER.test(value)) || typeof value === 'bigint'
    ? Number(value)
    : value;
}

function booleanValue(value: unknown): unknown {
  const text = typeof value === 'string' ? value.toLowerCase() : '';
  return text === 'true' || text === 't' ? true : text === 'false' || text === 'f' ? false : value;
}

function instantValue(value: unknown, base: string, platform: Platform): unknown {
  if (isDate(value)) {
    return Number.isNaN(value.getTime()) ? value : value.toISOString();
  }
  if (typeof value !== 'string') {
    return value;
  }
  const [, infinite] = INFINITE.exec(value) ?? [];
  if (infinite !== undefined) {
    return infinite;
  }
  const isUtc = base === 'timestamp' && platform.getTimezone() === 'Z';
  return instantText(value) ?? (isUtc ? instantText(`${value}Z`) : undefined) ?? value;
}

/** The day that MikroORM sends of a `Date`, and makes one of. */
function dayOf(date: Date, platform: Platform): unknown {
  if (Number.isNaN(date.getTime())) {
    return date;
  }
  const minutes = platform.getTimezone() === 'Z' ? 0 : date.getTimezoneOffset();
  return new Date(date.getTime() - minutes * 60_000).toISOString().replace(/T.*/, '');
}

function intervalValue(value: unknown, platform: Platform): unknown {
  const text: unknown = platform.convertIntervalToDatabaseValue(value);
  return typeof text === 'string' ? (intervalText(text) ?? text) : text;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
