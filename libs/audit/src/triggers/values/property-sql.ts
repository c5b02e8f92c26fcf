import { type EntityProperty, JsonType, ReferenceKind } from '@mikro-orm/core';
import { quoted } from '../../model/sql-names.js';
import type { AuditedProperty } from '../../policy/entity-policy.js';
import { type ColumnType, columnTypesOf, isNumericArray } from '../../serialize/property/column-type.js';
import type { CodecSettings } from '../../serialize/property/property-codec.js';
import { arraySql } from './array-sql.js';
import type { CarefulPlace } from './careful-sql.js';
import { scalarSql } from './column-sql.js';
import { CutSql } from './cut-sql.js';
import { carefulMembers, embeddedSql, namesSecrets } from './embedded-sql.js';
import { maskSql } from './mask-sql.js';
import type { OpenSql } from './open-sql.js';
import { referenceSql } from './reference-sql.js';
import { SecretNamesSql } from './secret-names-sql.js';
import { HIDDEN, JSON_NULL, UNFIT } from './sql-parts.js';
import { JSON_COLUMN, JSONB_COLUMN, type StoredJsonSql, TEXT_COLUMN } from './stored-json-sql.js';

/** The value of an audited property as SQL, right in a function with `FUNCTION_SETTINGS` and `functionConstants()`. */
export interface PropertySql {
  readonly path: string;
  /** Where the value may be one that cannot be taken as it is, in the object of all properties. */
  readonly places: readonly CarefulPlace[];
  /**
   * Of a row, of type jsonb, masked as the policy says, as if it could always be taken as it is. Never null: there is a null of
   * JSON.
   */
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

/** The declarations of a function that has expressions of some properties. */
export function functionConstants({ secrets }: CodecSettings): readonly string[] {
  return new SecretNamesSql(secrets.names).constants;
}

export function propertySql(property: AuditedProperty, settings: CodecSettings): PropertySql {
  const { path, mask } = property;
  const { json, isNull, differs, places } = openSql(property, settings);
  return {
    path,
    places: mask === null ? places.map((place) => ({ ...place, path: [path, ...place.path] })) : [],
    value: (alias) => {
      switch (mask) {
        case null:
          return `coalesce(${json(alias)}, ${JSON_NULL})`;
        case 'last4':
          return `coalesce(${maskSql(mask, json(alias), new CutSql(settings.limits))}, ${JSON_NULL})`;
        default:
          return `case when ${isNull(alias)} then ${JSON_NULL} else ${HIDDEN} end`;
      }
    },
    differs,
  };
}

function openSql(property: AuditedProperty, settings: CodecSettings): OpenSql {
  const { prop } = property;
  if (prop.kind !== ReferenceKind.SCALAR && prop.kind !== ReferenceKind.EMBEDDED) {
    return referenceSql(prop, settings.platform);
  }
  const [column = ANY_TYPE] = columnTypesOf(prop);
  const stored = storedJsonOf(prop, column);
  return ofColumn(
    prop,
    prop.kind === ReferenceKind.EMBEDDED
      ? embeddedColumn(property, stored ?? JSONB_COLUMN, settings)
      : column.isArray
        ? arrayColumn(column, prop, settings)
        : stored
          ? jsonColumn(stored, prop)
          : scalarColumn(column, prop, settings),
  );
}

/** By the column instead of the row. */
function ofColumn({ fieldNames }: EntityProperty, { places, json, isNull, differs }: OpenSql): OpenSql {
  const of = (alias: string) => `${alias}.${quoted(fieldNames[0] ?? '')}`;
  return {
    places,
    json: (alias) => json(of(alias)),
    isNull: (alias) => isNull(of(alias)),
    differs: (before, after) => differs(of(before), of(after)),
  };
}

/** The place of a value that is no embeddable. */
function itself({ primary }: EntityProperty, raw = false): CarefulPlace {
  return { path: [], raw, hides: primary !== true, named: false };
}

function scalarColumn(
  column: ColumnType,
  prop: EntityProperty,
  { platform, secrets }: CodecSettings,
): OpenSql {
  const { json, compared, kind } = scalarSql(column, prop, platform);
  const place = itself(prop);
  const mayBeCard = place.hides && secrets.texts.kinds.has('card-number');
  const mayBeSuspicious = kind === 'text' || kind === 'bytes' || (kind === 'digits' && mayBeCard);
  return {
    places: mayBeSuspicious ? [{ ...place, hides: place.hides && kind !== 'bytes' }] : [],
    json,
    isNull: (value) => `${value} is null`,
    differs: (before, after) => `(${compared(before)} is distinct from ${compared(after)})`,
  };
}

function jsonColumn(stored: StoredJsonSql, prop: EntityProperty): OpenSql {
  return {
    places: [itself(prop, true)],
    json: (value) =>
      stored.json(
        value,
        UNFIT,
        (json) => json,
        (text) => `to_jsonb(${text})`,
      ),
    isNull: stored.isNull,
    differs: stored.differs,
  };
}

function arrayColumn(column: ColumnType, prop: EntityProperty, { platform }: CodecSettings): OpenSql {
  const json = (value: string) => arraySql(value, column, platform);
  const place = itself(prop, column.base.startsWith('json'));
  return {
    places: [{ ...place, hides: place.hides && !isNumericArray(column) }],
    json,
    isNull: (value) => `${value} is null`,
    differs: (before, after) => `(${json(before)} is distinct from ${json(after)})`,
  };
}

function embeddedColumn(
  { prop, members }: AuditedProperty,
  stored: StoredJsonSql,
  { limits }: CodecSettings,
): OpenSql {
  const by = (value: string, cut: CutSql | null) =>
    stored.json(
      value,
      HIDDEN,
      (json) => embeddedSql(prop, json, members, cut),
      () => HIDDEN,
    );
  const ignoresSome = [...members.values()].includes('ignore');
  return {
    places: [
      { ...itself(prop), named: namesSecrets(prop) && prop.primary !== true },
      ...carefulMembers(prop, members, []),
    ],
    json: (value) => by(value, new CutSql(limits)),
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
