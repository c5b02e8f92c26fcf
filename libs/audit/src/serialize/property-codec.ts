import { isDate } from 'node:util/types';
import { type EntityProperty, JsonType, type Platform, PolymorphicRef, ReferenceKind } from '@mikro-orm/core';
import type { JsonValue } from '../model/json.js';
import type { AuditedProperty } from '../policy/entity-policy.js';
import { type ColumnType, columnTypesOf } from './column-type.js';
import { columnValue, type ValueSource } from './column-value.js';
import { isJsonArray, isJsonObject, objectFromPairs } from './json-shape.js';
import { MaskedValue, maskValue } from './mask.js';
import { isSecretName } from './secret-names.js';
import { type StoredForm, storedFormOf } from './stored-form.js';
import { decodeValue, encodeValue, UndecodableValue, type ValueLimits } from './value-codec.js';

export type { ValueSource } from './column-value.js';

/** What every codec of one MikroORM instance needs. */
export interface CodecSettings {
  readonly platform: Platform;
  readonly limits: ValueLimits;
  /** Null when none is configured. */
  readonly hashKey: string | null;
}

interface DeclaredProperty {
  readonly prop: EntityProperty;
  readonly columns: readonly ColumnType[];
}

/**
 * Values of one property between MikroORM's database form, the readable JSON of the trail, and the JavaScript form
 * that the entity has.
 */
export class PropertyCodec {
  /** See `StoredForm`. */
  readonly storedForm: StoredForm;
  private readonly declared: DeclaredProperty;

  constructor(
    readonly property: AuditedProperty,
    private readonly settings: CodecSettings,
  ) {
    const { prop } = property;
    this.declared = { prop, columns: columnTypesOf(prop) };
    this.storedForm = needsConversionSql(prop) ? () => undefined : storedFormOf(this.declared.columns);
  }

  /** Database form to JSON. Never throws. */
  encode(value: unknown, source: ValueSource): JsonValue {
    return encodeProperty(this.declared, value, source, this.settings);
  }

  /** Hides the value if the policy says so. */
  mask(value: JsonValue): JsonValue {
    const { mask } = this.property;
    return mask === null ? value : maskValue(mask, value, this.settings.hashKey ?? undefined);
  }

  /** JSON of the trail to the JavaScript form that the entity has. What cannot be decoded comes as it is stored. */
  decode(value: JsonValue): unknown {
    return decodeProperty(this.property.prop, value, this.settings.platform);
  }
}

function encodeProperty(
  { prop, columns }: DeclaredProperty,
  value: unknown,
  source: ValueSource,
  settings: CodecSettings,
): JsonValue {
  if (value === null || value === undefined) {
    return null;
  }
  if (prop.kind === ReferenceKind.EMBEDDED) {
    const encoded = encodeMember(prop, asJson(value), settings);
    const { maxValueBytes } = settings.limits;
    return Buffer.byteLength(JSON.stringify(encoded)) > maxValueBytes
      ? encodeValue(encoded, settings.limits)
      : encoded;
  }
  if (prop.kind !== ReferenceKind.SCALAR) {
    return encodeKey(value, columns.values(), source, settings);
  }
  return encodeScalar(prop, columns[0], value, source, settings);
}

function encodeScalar(
  prop: EntityProperty,
  column: ColumnType | undefined,
  value: unknown,
  source: ValueSource,
  { platform, limits }: CodecSettings,
): JsonValue {
  const plain = columnValue(value, column, source, platform);
  if (prop.customType instanceof JsonType || column?.base.startsWith('json')) {
    const isText = typeof plain === 'string' && !column?.base.startsWith('json');
    return encodeValue(isText ? parseJson(plain) : plain, limits, maskSecretKey);
  }
  return encodeValue(isDate(plain) ? instantOf(plain) : plain, limits);
}

/** Foreign keys: the target's key; an array where it is composite, `{ type, id }` where the relation is polymorphic. */
function encodeKey(
  value: unknown,
  columns: Iterator<ColumnType>,
  source: ValueSource,
  settings: CodecSettings,
): JsonValue {
  if (Array.isArray(value)) {
    return value.map((part) => encodeKey(part, columns, source, settings));
  }
  if (value instanceof PolymorphicRef) {
    columns.next();
    return { type: value.discriminator, id: encodeKey(value.id, columns, source, settings) };
  }
  const { value: column } = columns.next();
  const plain = columnValue(value, column, source, settings.platform);
  return encodeValue(isDate(plain) ? instantOf(plain) : plain, settings.limits);
}

/** A member of an embeddable that is stored as JSON, with the names of the properties. */
function encodeMember(prop: EntityProperty, value: unknown, settings: CodecSettings): JsonValue {
  if (prop.kind !== ReferenceKind.EMBEDDED || typeof value !== 'object' || value === null) {
    return encodeValue(value, settings.limits, maskSecretKey);
  }
  if (Array.isArray(value)) {
    return value.map((item) => encodeMember(prop, item, settings));
  }
  const members = value as Readonly<Record<string, unknown>>;
  return objectFromPairs(
    Object.values(prop.embeddedProps).flatMap((child): [string, JsonValue][] => {
      const name = memberName(child);
      // The unit of work names members by property, the stored JSON by column.
      const member = name in members ? members[name] : members[child.fieldNames?.[0] ?? name];
      if (member === undefined) {
        return [];
      }
      return [[name, isSecretName(name) ? SECRET : encodeMember(child, member, settings)]];
    }),
  );
}

/** What JSON makes of it, which is what is stored. */
function asJson(value: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(value));
  } catch {
    return value;
  }
}

function decodeProperty(prop: EntityProperty, value: JsonValue, platform: Platform): unknown {
  if (value === null) {
    return null;
  }
  const tagged = decodeValue(value);
  if (tagged instanceof MaskedValue || tagged instanceof UndecodableValue) {
    return tagged;
  }
  if (prop.kind === ReferenceKind.EMBEDDED) {
    return isJsonArray(value)
      ? value.map((item) => decodeEmbedded(prop, item, platform))
      : decodeEmbedded(prop, value, platform);
  }
  if (prop.kind !== ReferenceKind.SCALAR) {
    return decodeKey(prop.targetMeta?.getPrimaryProps() ?? [], value, platform);
  }
  return decodeScalar(prop, value, tagged, platform);
}

function decodeScalar(prop: EntityProperty, value: JsonValue, tagged: unknown, platform: Platform): unknown {
  const type = prop.customType;
  if (type instanceof JsonType) {
    return tagged;
  }
  if (prop.runtimeType === 'Date' && typeof value === 'string') {
    const date = new Date(value);
    return Number.isNaN(date.getTime()) ? value : date;
  }
  try {
    return type ? type.convertToJSValue(tagged, platform) : tagged;
  } catch {
    // A custom type that no longer understands what it once stored must not make history unreadable.
    return tagged;
  }
}

function decodeKey(keys: readonly EntityProperty[], value: JsonValue, platform: Platform): unknown {
  const [only, second] = keys;
  if (only && !second) {
    return decodeProperty(only, value, platform);
  }
  return isJsonArray(value) && value.length === keys.length
    ? keys.map((key, index) => decodeProperty(key, value[index] ?? null, platform))
    : decodeValue(value);
}

/** The key that a link id stands for, in the form that the target entity has; a composite one stays text. */
export function decodeKeyText(relation: EntityProperty, id: string, platform: Platform): unknown {
  const [key, second] = relation.targetMeta?.getPrimaryProps() ?? [];
  if (!key || second) {
    return id;
  }
  return key.runtimeType === 'number' ? Number(id) : decodeProperty(key, id, platform);
}

function decodeEmbedded(prop: EntityProperty, value: JsonValue, platform: Platform): unknown {
  if (!isJsonObject(value)) {
    return decodeValue(value);
  }
  const children = new Map(Object.values(prop.embeddedProps).map((child) => [memberName(child), child]));
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const child = children.get(name);
      return [name, child ? decodeProperty(child, member, platform) : decodeValue(member)];
    }),
  );
}

function instantOf(date: Date): string | Date {
  return Number.isNaN(date.getTime()) ? date : date.toISOString();
}

function maskSecretKey(key: string): JsonValue | undefined {
  return isSecretName(key) ? SECRET : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function memberName(child: EntityProperty): string {
  return child.embedded?.[1] ?? child.name;
}

/** Types that convert in SQL: what is stored is not what was sent. JSON's own conversion is only a cast. */
function needsConversionSql({ customType }: EntityProperty): boolean {
  const conversion = customType?.convertToDatabaseValueSQL;
  return conversion !== undefined && conversion !== JsonType.prototype.convertToDatabaseValueSQL;
}

const SECRET = maskValue('redact', '', undefined);
