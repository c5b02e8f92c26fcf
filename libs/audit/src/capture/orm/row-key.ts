import type { EntityMetadata } from '@mikro-orm/core';
import type { RowName } from '../../model/row-map.js';
import type { RowPlace } from '../../policy/row-schema.js';
import type { EntityCodec } from '../../serialize/entity/entity-codec.js';
import { keyText } from '../../serialize/entity/key-text.js';
import type { ValueSource } from '../../serialize/property/property-codec.js';
import type { EntityValues } from './entity-facts.js';

/**
 * The key of a row: its table and the values of its key columns. The library names rows by nothing else, because texts
 * that are put together run together: `order 1` of `work` and `1` of `work order`.
 */
export class RowKey implements RowName {
  private constructor(
    readonly meta: EntityMetadata,
    /** Values of the key properties in database form, in the order of the key; an array where one is composite. */
    readonly parts: readonly unknown[],
    readonly text: string,
    private readonly place: RowPlace,
  ) {}

  /** @param values in database form, by property name; they include the key */
  static of(codec: EntityCodec, values: EntityValues, source: ValueSource = 'unit-of-work'): RowKey {
    const { meta } = codec.policy;
    return new RowKey(meta, partsOf(meta, values), codec.entityId(values, source), codec.policy);
  }

  /** The key of a row of a class that may have no codec, because it is not audited. */
  static ofValues(meta: EntityMetadata, values: EntityValues, place: RowPlace): RowKey {
    const parts = partsOf(meta, values);
    return new RowKey(meta, parts, columnText(flatten(parts)), place);
  }

  get table(): unknown {
    return this.place.table;
  }

  /** Undefined where the class has a schema of its own. */
  get schema(): string | undefined {
    return this.place.schema;
  }

  /** Values of the key columns, in database form. */
  get columns(): readonly unknown[] {
    return flatten(this.parts);
  }

  /** The key by property name. */
  get where(): EntityValues {
    return Object.fromEntries(this.meta.primaryKeys.map((name, i) => [name, this.parts[i]]));
  }

  equals(other: RowName): boolean {
    return this.table === other.table && this.text === other.text;
  }
}

/** The text of key columns as links and references have it: drivers give numbers where MikroORM has strings. */
export function columnText(columns: readonly unknown[]): string {
  return keyText(columns.map(String));
}

/** A key as MikroORM's conditions take it: the value itself, or an array where it is composite. */
export function conditionValue(columns: readonly unknown[]): unknown {
  return columns.length === 1 ? columns[0] : columns;
}

/** The columns of a foreign key value. */
export function referenceColumns(value: unknown): readonly unknown[] {
  return flatten([value]);
}

function partsOf({ primaryKeys }: EntityMetadata, values: EntityValues): readonly unknown[] {
  return primaryKeys.map((name) => values[name]);
}

function flatten(parts: readonly unknown[]): readonly unknown[] {
  return parts.some(Array.isArray) ? parts.flat(Number.POSITIVE_INFINITY) : parts;
}
