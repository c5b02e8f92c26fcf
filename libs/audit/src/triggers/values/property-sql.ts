import { type EntityProperty, JsonType, ReferenceKind } from '@mikro-orm/core';
import { quoted } from '../../model/sql-names.js';
import type { AuditedProperty } from '../../policy/entity-policy.js';
import { type ColumnType, columnTypesOf, isNumericArray } from '../../serialize/property/column-type.js';
import type { CodecSettings } from '../../serialize/property/property-codec.js';
import { arraySql } from './array-sql.js';
import { scalarSql } from './column-sql.js';
import { embeddedSql, namesSecrets } from './embedded-sql.js';
import { CarefulSql } from './json-sql.js';
import { maskSql } from './mask-sql.js';
import type { OpenSql } from './open-sql.js';
import { referenceSql } from './reference-sql.js';
import { SecretNamesSql } from './secret-names-sql.js';
import { HIDDEN, JSON_NULL } from './sql-parts.js';
import { JSON_COLUMN, JSONB_COLUMN, type StoredJsonSql, TEXT_COLUMN } from './stored-json-sql.js';

/** The value of an audited property as SQL, right in a function with `FUNCTION_SETTINGS` and `functionConstants()`. */
export interface PropertySql {
  readonly path: string;
  /** Of a row, of type jsonb, masked as the policy says. Never null: there is a null of JSON. */
  value(alias: string): string;
  /** Whether it is another one in a second row: values that are equal in meaning are not. Never null. */
  differs(before: string, after: string): string;
}

/**
 * By which the texts of values are always the same. Expressions that are hardly ever evaluated look dear to the planner:
 * compiling them, or planning them more than once in a session, would take longer than a thousand rows.
 */
export const FUNCTION_SETTINGS: readonly string[] = [
  "set datestyle = 'ISO, MDY'",
  "set timezone = 'UTC'",
  "set intervalstyle = 'postgres'",
  "set bytea_output = 'hex'",
  'set extra_float_digits = 1',
  'set jit = off',
  'set plan_cache_mode = force_generic_plan',
];

/** Of a column whose type is not known. */
const ANY_TYPE: ColumnType = { base: '', isArray: false, length: undefined, scale: undefined };

/** What a function has to declare for the expressions of some properties. */
export function functionConstants({ secrets }: CodecSettings): readonly string[] {
  return new SecretNamesSql(secrets.names).constants;
}

export function propertySql(property: AuditedProperty, settings: CodecSettings): PropertySql {
  const { path, mask } = property;
  const { json, isNull, differs } = openSql(property, settings);
  return {
    path,
    value: (alias) => {
      switch (mask) {
        case null:
          return `coalesce(${json(alias)}, ${JSON_NULL})`;
        case 'last4':
          return `coalesce(${maskSql(mask, json(alias))}, ${JSON_NULL})`;
        default:
          return `case when ${isNull(alias)} then ${JSON_NULL} else ${HIDDEN} end`;
      }
    },
    differs,
  };
}

function openSql(property: AuditedProperty, settings: CodecSettings): OpenSql {
  const { prop, mask } = property;
  if (prop.kind !== ReferenceKind.SCALAR && prop.kind !== ReferenceKind.EMBEDDED) {
    return referenceSql(prop, settings.platform);
  }
  const careful = new CarefulSql(settings);
  const [column = ANY_TYPE] = columnTypesOf(prop);
  const hides = mask === null && !prop.primary;
  const stored = storedJsonOf(prop, column);
  return ofColumn(
    prop,
    prop.kind === ReferenceKind.EMBEDDED
      ? embeddedColumn(property, stored ?? JSONB_COLUMN, careful, hides)
      : column.isArray
        ? arrayColumn(column, careful, hides, settings)
        : stored
          ? jsonColumn(stored, careful, hides)
          : scalarColumn(column, prop, careful, hides, settings),
  );
}

/** By the column instead of the row. */
function ofColumn({ fieldNames }: EntityProperty, { json, isNull, differs }: OpenSql): OpenSql {
  const of = (alias: string) => `${alias}.${quoted(fieldNames[0] ?? '')}`;
  return {
    json: (alias) => json(of(alias)),
    isNull: (alias) => isNull(of(alias)),
    differs: (before, after) => differs(of(before), of(after)),
  };
}

function scalarColumn(
  column: ColumnType,
  prop: EntityProperty,
  careful: CarefulSql,
  hides: boolean,
  { platform }: CodecSettings,
): OpenSql {
  const { json, text, compared, kind } = scalarSql(column, prop, platform);
  return {
    json: (value) => {
      switch (kind) {
        case 'text':
          return careful.text(text(value), json(value), hides);
        case 'bytes':
          return careful.bytes(value, json(value));
        case 'digits':
          return careful.digits(value, json(value), hides);
        default:
          return json(value);
      }
    },
    isNull: (value) => `${value} is null`,
    differs: (before, after) => `(${compared(before)} is distinct from ${compared(after)})`,
  };
}

function jsonColumn(stored: StoredJsonSql, careful: CarefulSql, hides: boolean): OpenSql {
  const ofText = (text: string) => careful.text(text, `to_jsonb(${text})`, hides);
  return {
    json: (value) => stored.json(value, (json) => careful.json(json, hides), ofText),
    isNull: stored.isNull,
    differs: stored.differs,
  };
}

function arrayColumn(
  column: ColumnType,
  careful: CarefulSql,
  hides: boolean,
  { platform }: CodecSettings,
): OpenSql {
  const plain = (value: string) => arraySql(value, column, platform);
  const isJson = column.base.startsWith('json');
  return {
    json: (value) =>
      isJson
        ? careful.json(plain(value), hides)
        : careful.encoded(plain(value), hides && !isNumericArray(column)),
    isNull: (value) => `${value} is null`,
    differs: (before, after) => `(${plain(before)} is distinct from ${plain(after)})`,
  };
}

function embeddedColumn(
  { prop, members }: AuditedProperty,
  stored: StoredJsonSql,
  careful: CarefulSql,
  hides: boolean,
): OpenSql {
  const named = namesSecrets(prop) ? ['true'] : [];
  const by = (value: string, how: CarefulSql | null) =>
    stored.json(
      value,
      (json) => embeddedSql(prop, json, members, how),
      () => HIDDEN,
    );
  const ignoresSome = [...members.values()].includes('ignore');
  return {
    json: (value) => careful.encoded(by(value, careful), hides, named),
    isNull: stored.isNull,
    // The column does not tell whether only an ignored member is another one.
    differs: (before, after) =>
      ignoresSome
        ? `(${stored.differs(before, after)} and coalesce(${by(before, null)}, ${JSON_NULL}) <> coalesce(${by(after, null)}, ${JSON_NULL}))`
        : stored.differs(before, after),
  };
}

function storedJsonOf({ customType, kind }: EntityProperty, { base }: ColumnType): StoredJsonSql | null {
  switch (base) {
    case 'jsonb':
      return JSONB_COLUMN;
    case 'json':
      return JSON_COLUMN;
    default:
      return customType instanceof JsonType || kind === ReferenceKind.EMBEDDED ? TEXT_COLUMN : null;
  }
}
