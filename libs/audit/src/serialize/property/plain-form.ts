import { isDate } from 'node:util/types';
import type { JsonValue } from '../../model/json.js';
import { plainJson } from '../json/plain-json.js';
import { JSON_BYTES_PER_UNIT, type ValueLimits } from '../json/value-limits.js';
import { instantWriter } from '../text/instant-writer.js';
import { isSafeText } from '../text/safe-text.js';
import type { ColumnType } from './column-type.js';

/**
 * The form in which PostgreSQL stores an ordinary value of the unit of work: the same as encoding it and asking for its
 * `StoredForm`, for a tenth of the time. Undefined for whatever is not ordinary.
 */
export type PlainForm = (value: unknown) => JsonValue | undefined;

const MAX_INT = 2_147_483_647;

/** Decided once per property, from its column type; null where no value of the type is ordinary. */
export function plainFormOf(
  { base, isArray, length, scale }: ColumnType,
  limits: ValueLimits,
  isSecret: (key: string) => boolean,
): PlainForm | null {
  if (isArray) {
    return null;
  }
  switch (base) {
    case 'text':
    case 'varchar': {
      const longest = Math.min(
        length ?? Number.POSITIVE_INFINITY,
        (limits.maxValueBytes - 2) / JSON_BYTES_PER_UNIT,
      );
      return ifText((text) => text.length <= longest && isSafeText(text));
    }
    case 'uuid':
      return ifText(remembering(isLowerUuid));
    case 'bigint':
      return ifText((text) => isDecimal(text, 0));
    case 'numeric':
      return length === undefined ? null : ifText((text) => isDecimal(text, scale ?? 0));
    case 'date':
      return ifText((text) => /^\d{4}-\d\d-\d\d$/.test(text));
    case 'int':
    case 'smallint':
      return ifNumber((number) => Number.isInteger(number) && Math.abs(number) <= MAX_INT);
    case 'double precision':
      return ifNumber(Number.isFinite);
    case 'boolean':
      return (value) => (typeof value === 'boolean' ? value : undefined);
    case 'timestamptz':
    case 'timestamp': {
      const write = instantWriter();
      const unit = 10 ** Math.max(0, 3 - (length ?? 3));
      return (value) => (isDate(value) && value.getTime() % unit === 0 ? write(value) : undefined);
    }
    case 'json':
    case 'jsonb':
      return (value) => (typeof value === 'string' ? plainJson(value, limits, isSecret) : undefined);
    default:
      return null;
  }
}

function ifText(isPlain: (text: string) => boolean): PlainForm {
  return (value) => (typeof value === 'string' && isPlain(value) ? value : undefined);
}

/** One change asks for its key several times, and neighbors often point to the same row. */
function remembering(isPlain: (text: string) => boolean): (text: string) => boolean {
  let latest: string | null = null;
  return (text) => {
    if (text === latest) {
      return true;
    }
    const answer = isPlain(text);
    latest = answer ? text : latest;
    return answer;
  };
}

function ifNumber(isPlain: (number: number) => boolean): PlainForm {
  return (value) =>
    typeof value === 'number' && isPlain(value) && !Object.is(value, -0) ? value : undefined;
}

// Loops, because a regular expression takes several times as long for so short a text.

function isLowerUuid(text: string): boolean {
  if (text.length !== 36) {
    return false;
  }
  for (let index = 0; index < 36; index += 1) {
    const isDash = index === 8 || index === 13 || index === 18 || index === 23;
    const code = text.charCodeAt(index);
    if (isDash ? code !== 0x2d : !(isDigit(code) || (code >= 0x61 && code <= 0x66))) {
      return false;
    }
  }
  return true;
}

/** As PostgreSQL prints a number with so many decimals. */
function isDecimal(text: string, scale: number): boolean {
  const isNegative = text.charCodeAt(0) === 0x2d;
  const start = isNegative ? 1 : 0;
  const point = scale === 0 ? text.length : text.length - scale - 1;
  const hasLeadingZero = text.charCodeAt(start) === 0x30;
  if (point <= start || (hasLeadingZero && (isNegative || point !== start + 1))) {
    return false;
  }
  for (let index = start; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (index === point ? code !== 0x2e : !isDigit(code)) {
      return false;
    }
  }
  return true;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
