import { isDate } from 'node:util/types';
import { type Platform, ReferenceKind } from '@mikro-orm/core';
import { InvalidQueryError } from '../../errors/query-errors.js';
import type { JsonValue } from '../../model/json.js';
import { DEFAULT_VALUE_LIMITS, encodeValue } from '../../serialize/json/value-codec.js';
import { columnTypesOf } from '../../serialize/property/column-type.js';
import type { PropertyCodec } from '../../serialize/property/property-codec.js';
import type { ComparableType, Comparison } from '../../store/audit-store.js';
import type { ValueCondition } from './change-query.js';
import type { KnownPath } from './property-path.js';

const COMPARABLE: Readonly<Record<string, ComparableType>> = {
  int: 'numeric',
  smallint: 'numeric',
  bigint: 'numeric',
  numeric: 'numeric',
  'double precision': 'numeric',
  real: 'numeric',
  timestamptz: 'timestamptz',
  timestamp: 'timestamp',
  date: 'date',
  time: 'time',
  timetz: 'timetz',
  interval: 'interval',
  boolean: 'boolean',
  text: 'text',
  varchar: 'text',
  char: 'text',
  uuid: 'text',
};

const ORDERED = ['gt', 'gte', 'lt', 'lte'] as const;

/** Turns conditions on the values of one property into comparisons of what is stored of it. */
export class ValueComparison {
  /** Null when values can only be told apart. */
  readonly type: ComparableType | null;

  constructor(
    private readonly path: string,
    private readonly known: KnownPath,
    conditions: readonly ValueCondition[],
    private readonly platform: Platform,
  ) {
    this.type = this.typeOf(conditions);
  }

  /** @throws InvalidQueryError for an operator that the property does not allow */
  comparisons(condition: ValueCondition): readonly Comparison[] {
    this.assertKnown(condition);
    const comparisons: Comparison[] = [];
    for (const operator of ORDERED) {
      const value = condition[operator];
      if (value !== undefined) {
        this.assertOrdered(operator);
        comparisons.push({ operator, value: this.encode(value) });
      }
    }
    if (condition.eq !== undefined) {
      comparisons.push({ operator: 'eq', value: this.encode(condition.eq) });
    }
    if (condition.in !== undefined) {
      comparisons.push({ operator: 'in', value: condition.in.map((value) => this.encode(value)) });
    }
    if (condition.isNull !== undefined) {
      comparisons.push({ operator: 'isNull', value: condition.isNull });
    }
    return comparisons;
  }

  private typeOf(conditions: readonly ValueCondition[]): ComparableType | null {
    const { codec, inside } = this.known;
    if (inside.length > 0) {
      const values = conditions.flatMap(({ isNull: _isNull, in: anyOf = [], ...one }) => [
        ...Object.values(one),
        ...anyOf,
      ]);
      return typeOfValues(values);
    }
    const [column, second] = codec ? columnTypesOf(codec.property.prop) : [];
    return !column || second || column.isArray || codec?.property.mask
      ? null
      : (COMPARABLE[column.base] ?? null);
  }

  private encode(value: unknown): JsonValue {
    const { codec, inside } = this.known;
    return codec && inside.length === 0
      ? codec.mask(storedValue(codec, value, this.path, this.platform))
      : encodeInside(value);
  }

  private assertKnown(condition: ValueCondition): void {
    const { codec, keys } = this.known;
    const isCompared = Object.keys(condition).length > 0;
    if (isCompared && !codec) {
      throw new InvalidQueryError(
        'value',
        `compares "${this.path}", which is several values (${keys.join(', ')}) or links`,
        'Leave the condition out, or compare one of its members.',
      );
    }
    const mask = codec?.property.mask ?? null;
    const isHidden =
      mask !== null && (mask !== 'hash' || ORDERED.some((operator) => condition[operator] !== undefined));
    if (isHidden && Object.keys(condition).some((operator) => operator !== 'isNull')) {
      throw new InvalidQueryError(
        'value',
        `compares "${this.path}", which is masked`,
        mask === 'hash' ? 'Use eq or in.' : 'Ask only whether it changed, or use isNull.',
      );
    }
  }

  private assertOrdered(operator: string): void {
    if (this.type === null) {
      throw new InvalidQueryError(
        'value',
        `compares "${this.path}" by ${operator}, but its values have no order in the trail`,
        'Use eq, in or isNull.',
      );
    }
  }
}

/**
 * The form in which the trail holds a value of the property, unmasked.
 * @throws InvalidQueryError when the property cannot have the value
 */
export function storedValue(
  codec: PropertyCodec,
  value: unknown,
  path: string,
  platform: Platform,
): JsonValue {
  const { prop } = codec.property;
  try {
    const isScalar = prop.kind === ReferenceKind.SCALAR;
    const stored =
      isScalar && prop.customType && value !== null
        ? prop.customType.convertToDatabaseValue(value, platform)
        : value;
    const encoded = codec.encode(stored, 'unit-of-work');
    return encoded === null ? null : (codec.storedForm(encoded) ?? encoded);
  } catch {
    throw new InvalidQueryError('value', `is not one that "${path}" can have`, 'Give a value of its type.');
  }
}

function encodeInside(value: unknown): JsonValue {
  return isDate(value) && !Number.isNaN(value.getTime())
    ? value.toISOString()
    : encodeValue(value, DEFAULT_VALUE_LIMITS);
}

function typeOfValues(values: readonly unknown[]): ComparableType | null {
  if (values.length > 0 && values.every((value) => typeof value === 'number')) {
    return 'numeric';
  }
  if (values.length > 0 && values.every(isDate)) {
    return 'timestamptz';
  }
  return values.every((value) => typeof value === 'string') ? 'text' : null;
}
