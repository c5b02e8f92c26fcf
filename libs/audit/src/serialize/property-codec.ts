import { isDate } from 'node:util/types';
import {
  ArrayType,
  DecimalType,
  type EntityProperty,
  JsonType,
  type Platform,
  PolymorphicRef,
  ReferenceKind,
} from '@mikro-orm/core';
import type { JsonValue } from '../model/json.js';
import type { AuditedProperty } from '../policy/entity-policy.js';
import { isJsonArray, isJsonObject, objectFromPairs } from './json-shape.js';
import { MaskedValue, maskValue } from './mask.js';
import { isSecretName } from './secret-names.js';
import { storedFormOf } from './stored-form.js';
import { decodeValue, encodeValue, UndecodableValue, type ValueLimits } from './value-codec.js';

/** What every codec of one MikroORM instance needs. */
export interface CodecSettings {
  readonly platform: Platform;
  readonly limits: ValueLimits;
  /** Null when none is configured. */
  readonly hashKey: string | null;
}

/** Where a database-form value comes from: MikroORM keeps JSON columns as text, the driver gives them parsed. */
export type ValueSource = 'unit-of-work' | 'row';

/**
 * Values of one property between MikroORM's database form, the readable JSON of the trail, and the JavaScript form
 * that the entity has.
 */
export class PropertyCodec {
  /** See `StoredForm`. */
  readonly storedForm;

  constructor(
    readonly property: AuditedProperty,
    private readonly settings: CodecSettings,
  ) {
    this.storedForm = needsConversionSql(property.prop) ? () => undefined : storedFormOf(property.prop);
  }

  /** Database form to JSON. Never throws. */
  encode(value: unknown, source: ValueSource): JsonValue {
    return encodeProperty(this.property.prop, value, source, this.settings);
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
  prop: EntityProperty,
  value: unknown,
  source: ValueSource,
  settings: CodecSettings,
): JsonValue {
  if (value === null || value === undefined) {
    return null;
  }
  if (prop.kind === ReferenceKind.EMBEDDED) {
    const encoded = Array.isArray(value)
      ? value.map((item) => encodeEmbedded(prop, item, settings))
      : encodeEmbedded(prop, value, settings);
    const { maxValueBytes } = settings.limits;
    return Buffer.byteLength(JSON.stringify(encoded)) > maxValueBytes
      ? encodeValue(encoded, settings.limits)
      : encoded;
  }
  if (prop.kind !== ReferenceKind.SCALAR) {
    return encodeKey(value, settings);
  }
  return encodeScalar(prop, value, source, settings);
}

function encodeScalar(
  prop: EntityProperty,
  value: unknown,
  source: ValueSource,
  settings: CodecSettings,
): JsonValue {
  const { platform, limits } = settings;
  const type = prop.customType;
  if (type instanceof JsonType) {
    const parsed = source === 'unit-of-work' && typeof value === 'string' ? parseJson(value) : value;
    return encodeValue(parsed, limits, maskSecretKey);
  }
  if (type instanceof ArrayType) {
    return encodeValue(typeof value === 'string' ? type.convertToJSValue(value, platform) : value, limits);
  }
  if (isDecimal(prop)) {
    return encodeValue(String(value), limits);
  }
  if (prop.runtimeType === 'Date') {
    return encodeInstant(value, limits);
  }
  return encodeValue(typeof value === 'bigint' ? String(value) : value, limits);
}

/** Foreign keys: the target's key; an array where it is composite, `{ type, id }` where the relation is polymorphic. */
function encodeKey(value: unknown, settings: CodecSettings): JsonValue {
  if (Array.isArray(value)) {
    return value.map((part) => encodeKey(part, settings));
  }
  if (value instanceof PolymorphicRef) {
    return { type: value.discriminator, id: encodeKey(value.id, settings) };
  }
  if (typeof value === 'bigint') {
    return String(value);
  }
  return isDate(value) ? encodeInstant(value, settings.limits) : encodeValue(value, settings.limits);
}

/** An embeddable that is stored as a JSON object, member by member, so that its dates and custom types stay readable. */
function encodeEmbedded(prop: EntityProperty, value: unknown, settings: CodecSettings): JsonValue {
  if (typeof value !== 'object' || value === null) {
    return encodeValue(value, settings.limits);
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
      return [[name, isSecretName(name) ? SECRET : encodeProperty(child, member, 'row', settings)]];
    }),
  );
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
  if (type instanceof JsonType || type instanceof ArrayType) {
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

function encodeInstant(value: unknown, limits: ValueLimits): JsonValue {
  return isDate(value) && !Number.isNaN(value.getTime()) ? value.toISOString() : encodeValue(value, limits);
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

function isDecimal(prop: EntityProperty): boolean {
  return prop.customType instanceof DecimalType || /^(numeric|decimal)\b/i.test(prop.columnTypes?.[0] ?? '');
}

/** Types that convert in SQL: what is stored is not what was sent. JSON's own conversion is only a cast. */
function needsConversionSql(prop: EntityProperty): boolean {
  const type = prop.customType;
  return !(type instanceof JsonType) && type?.convertToDatabaseValueSQL !== undefined;
}

const SECRET = maskValue('redact', '', undefined);
