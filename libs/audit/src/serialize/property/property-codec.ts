import { isDate } from 'node:util/types';
import { type EntityProperty, JsonType, type Platform, PolymorphicRef, ReferenceKind } from '@mikro-orm/core';
import type { JsonValue } from '../../model/json.js';
import type { AuditedProperty } from '../../policy/entity-policy.js';
import { maskValue } from '../json/mask.js';
import type { SecretScan } from '../json/secret-scan.js';
import { encodeValue, type ValueLimits } from '../json/value-codec.js';
import { cutBySize } from '../json/value-cut.js';
import { encodeMembers } from '../json/value-tags.js';
import { type ColumnType, columnTypesOf, isNumericArray } from './column-type.js';
import { columnValue, type ValueSource } from './column-value.js';
import { type PlainForm, plainFormOf } from './plain-form.js';
import { decodeProperty, memberName } from './property-decoder.js';
import { type StoredForm, storedFormOf } from './stored-form.js';

export type { ValueSource } from './column-value.js';

/** Shared by all codecs of one MikroORM instance. */
export interface CodecSettings {
  readonly platform: Platform;
  readonly limits: ValueLimits;
  /** Null when none is configured. */
  readonly hashKey: string | null;
  readonly secrets: SecretScan;
}

interface DeclaredProperty {
  readonly prop: EntityProperty;
  readonly members: AuditedProperty['members'];
  readonly columns: readonly ColumnType[];
}

/**
 * Values of one property between MikroORM's database form, the readable JSON of the trail, and the JavaScript form
 * that the entity has.
 */
export class PropertyCodec {
  /** MikroORM's name. */
  readonly name: string;
  /** Whether the database may fill in a value that was not sent. */
  readonly hasDatabaseDefault: boolean;
  /** See `StoredForm`. */
  readonly storedForm: StoredForm;
  private readonly plain: PlainForm | null;
  private readonly declared: DeclaredProperty;

  constructor(
    readonly property: AuditedProperty,
    private readonly settings: CodecSettings,
  ) {
    const { prop, members } = property;
    this.name = property.name;
    this.hasDatabaseDefault = hasDatabaseDefault(prop);
    this.declared = { prop, members, columns: columnTypesOf(prop) };
    this.storedForm = needsConversionSql(prop) ? () => undefined : storedFormOf(this.declared.columns);
    this.plain = plainFormOfProperty(this.declared, settings);
  }

  /**
   * The stored form of an ordinary value of the unit of work, unmasked: most values end here. Undefined when it takes
   * `encode()` and `storedForm()` to know.
   */
  ordinary(value: unknown): JsonValue | undefined {
    const plain = value === null ? null : this.plain?.(value);
    return plain === undefined || this.hidden(plain) !== plain ? undefined : plain;
  }

  /** Database form to JSON. Never throws. */
  encode(value: unknown, source: ValueSource): JsonValue {
    const encoded = encodeProperty(this.declared, value, source, this.settings);
    // The driver gives these as floating-point numbers, without the scale of the column.
    return source === 'row' && isNumericArray(this.declared.columns[0])
      ? (this.storedForm(encoded) ?? encoded)
      : this.hidden(encoded);
  }

  /** Keys are in the trail anyway, and what the policy masks is hidden as a whole. */
  private hidden(value: JsonValue): JsonValue {
    const { prop, mask } = this.property;
    const isOpen = mask === null && !prop.primary && !isReference(prop);
    return isOpen ? this.settings.secrets.hide(value) : value;
  }

  /** Hides the value if the policy says so. */
  mask(value: JsonValue): JsonValue {
    const { mask } = this.property;
    return mask === null ? value : maskValue(mask, value, this.settings.hashKey ?? undefined);
  }

  /** JSON of the trail to the JavaScript form that the entity has. A value that cannot be decoded comes as stored. */
  decode(value: JsonValue): unknown {
    return decodeProperty(this.property.prop, value, this.settings.platform);
  }
}

function isReference({ kind }: EntityProperty): boolean {
  return kind !== ReferenceKind.SCALAR && kind !== ReferenceKind.EMBEDDED;
}

function hasDatabaseDefault(prop: EntityProperty): boolean {
  return (
    (prop.defaultRaw !== undefined && prop.defaultRaw !== 'null') ||
    prop.default !== undefined ||
    prop.generated !== undefined ||
    prop.autoincrement === true ||
    prop.version === true
  );
}

/** Null where no value is ordinary. */
function plainFormOfProperty(
  { prop, columns }: DeclaredProperty,
  { limits, secrets }: CodecSettings,
): PlainForm | null {
  const [column, second] = columns;
  const isOne = column !== undefined && second === undefined && prop.kind !== ReferenceKind.EMBEDDED;
  // A text column may hold JSON, which is recorded as such.
  const isAsDeclared = column?.base.startsWith('json') || !(prop.customType instanceof JsonType);
  return isOne && isAsDeclared && !needsConversionSql(prop)
    ? plainFormOf(column, limits, secrets.names.isSecret)
    : null;
}

function encodeProperty(
  { prop, members, columns }: DeclaredProperty,
  value: unknown,
  source: ValueSource,
  settings: CodecSettings,
): JsonValue {
  if (value === null || value === undefined) {
    return null;
  }
  if (prop.kind === ReferenceKind.EMBEDDED) {
    const encoded = encodeMember(prop, asJson(value), members, settings);
    const { maxValueBytes } = settings.limits;
    return Buffer.byteLength(JSON.stringify(encoded)) > maxValueBytes
      ? cutBySize(encoded, { complete: true, maxBytes: maxValueBytes })
      : encoded;
  }
  if (prop.kind !== ReferenceKind.SCALAR) {
    return encodeKey(wholeKey(prop, value), columns.values(), source, settings);
  }
  return encodeScalar(prop, columns[0], value, source, settings);
}

function encodeScalar(
  prop: EntityProperty,
  column: ColumnType | undefined,
  value: unknown,
  source: ValueSource,
  { platform, limits, secrets }: CodecSettings,
): JsonValue {
  const plain = columnValue(value, column, source, platform);
  if (prop.customType instanceof JsonType || column?.base.startsWith('json')) {
    const isText = typeof plain === 'string' && !column?.base.startsWith('json');
    return encodeValue(isText ? parseJson(plain) : plain, limits, secrets.maskOfKey);
  }
  return encodeValue(isDate(plain) ? instantOf(plain) : plain, limits);
}

/** A statement for several rows has taken a polymorphic reference apart, and left the parts in the payload. */
function wholeKey({ polymorphic }: EntityProperty, value: unknown): unknown {
  if (!polymorphic || !Array.isArray(value)) {
    return value;
  }
  const [discriminator, ...id] = value;
  return new PolymorphicRef(discriminator, id.length === 1 ? id[0] : id);
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

/** A member of an embeddable that is stored as JSON, with the names of the properties, masked by the policy. */
function encodeMember(
  prop: EntityProperty,
  value: unknown,
  rules: AuditedProperty['members'],
  settings: CodecSettings,
): JsonValue {
  if (prop.kind !== ReferenceKind.EMBEDDED || typeof value !== 'object' || value === null) {
    return encodeValue(value, settings.limits, settings.secrets.maskOfKey);
  }
  if (Array.isArray(value)) {
    return value.map((item) => encodeMember(prop, item, rules, settings));
  }
  const members = value as Readonly<Record<string, unknown>>;
  return encodeMembers(
    Object.values(prop.embeddedProps).flatMap((child): [string, JsonValue][] => {
      const name = memberName(child);
      // The unit of work names members by property, the stored JSON by column.
      const member = name in members ? members[name] : members[child.fieldNames?.[0] ?? name];
      const rule = rules.get(child.name);
      if (member === undefined || rule === 'ignore') {
        return [];
      }
      const encoded = encodeMember(child, member, rules, settings);
      return [[name, rule === undefined ? encoded : maskValue(rule, encoded, settings.hashKey ?? undefined)]];
    }),
  );
}

/** The stored form, as JSON makes it. */
function asJson(value: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(value));
  } catch {
    return value;
  }
}

function instantOf(date: Date): string | Date {
  return Number.isNaN(date.getTime()) ? date : date.toISOString();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Types that convert in SQL: what is stored is not what was sent. JSON's own conversion is only a cast. */
function needsConversionSql({ customType }: EntityProperty): boolean {
  const conversion = customType?.convertToDatabaseValueSQL;
  return conversion !== undefined && conversion !== JsonType.prototype.convertToDatabaseValueSQL;
}
