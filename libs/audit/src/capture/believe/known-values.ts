import { isRaw } from '@mikro-orm/core';
import type { JsonObject, JsonValue } from '../../model/json.js';
import type { EntityCodec } from '../../serialize/entity/entity-codec.js';
import { jsonEquals } from '../../serialize/json/canonical-json.js';
import type { PropertyCodec } from '../../serialize/property/property-codec.js';
import { type EntityValues, mayLackReference } from '../orm/entity-facts.js';
import type { Subject } from '../subject/subject.js';
import type { StoredAs } from './entity-knowledge.js';
import type { SnapshotTrust } from './snapshot-trust.js';

/** Stored where the value before could not be known: a hook changed what the unit of work had never loaded. */
const UNKNOWN_BEFORE: JsonValue = { $error: 'the value before was not loaded' };

/** The values that a unit of work knows of its entities before a flush. */
export class KnownValues {
  constructor(private readonly snapshots: SnapshotTrust) {}

  /** Whether the row of an entity need not be read to know the values of some properties before. */
  covers(subject: Subject, names: readonly string[]): boolean {
    if (!subject.isTrusted) {
      return false;
    }
    return names.every((name) => {
      const property = subject.codec.properties.get(name);
      return !property || this.isCovered(subject, property);
    });
  }

  private isCovered(subject: Subject, property: PropertyCodec): boolean {
    const { entity, original } = subject;
    const { name } = property;
    if (!isKnown(original, name)) {
      return this.isNull(subject, property);
    }
    return (
      isPlain(property, original[name]) &&
      !this.snapshots.cameLater(entity, name) &&
      ((original[name] ?? null) !== null ||
        this.snapshots.isCreated(entity) ||
        !mayLackReference(entity, property.property.prop))
    );
  }

  /**
   * Unmasked JSON of properties before the change, by name. Properties that are not audited are left out.
   * @param row the row before, where it was read
   */
  valuesOf(
    subject: Subject,
    codec: EntityCodec,
    names: readonly string[],
    row: EntityValues | undefined,
  ): JsonObject {
    const { original } = subject;
    const storedAs = row ? undefined : this.snapshots.storedAs(subject.entity);
    const values: Record<string, JsonValue> = {};
    for (const name of names) {
      const property = codec.properties.get(name);
      if (!property) {
        continue;
      }
      if (row) {
        values[name] = property.encode(row[name], 'row');
        continue;
      }
      const noted = storedAs?.get(name);
      const ordinary = noted ? undefined : property.ordinary(original[name]);
      if (ordinary !== undefined) {
        values[name] = ordinary;
      } else if (isKnown(original, name)) {
        values[name] = storedValue(property, original[name], noted);
      } else {
        values[name] = this.isNull(subject, property) ? null : UNKNOWN_BEFORE;
      }
    }
    return values;
  }

  /** MikroORM's snapshot of an entity it has just created lacks what it neither sent nor got back. */
  private isNull({ entity, original }: Subject, property: PropertyCodec): boolean {
    return !(property.name in original) && this.snapshots.isCreated(entity) && !property.hasDatabaseDefault;
  }
}

/** The snapshot holds what was loaded, or what was sent; this is what is stored. */
function storedValue(property: PropertyCodec, snapshot: unknown, noted: StoredAs | undefined): JsonValue {
  const known = property.encode(snapshot, 'unit-of-work');
  if (known === null) {
    return null;
  }
  return noted && jsonEquals(noted.sent, known) ? noted.stored : (property.storedForm(known) ?? known);
}

/** MikroORM's snapshot of a reference by `targetKey` has the primary key in its place where a query has joined the target. */
function isPlain({ property: { prop } }: PropertyCodec, value: unknown): boolean {
  return prop.targetKey === undefined || value === null || value === undefined;
}

/** An SQL expression that was assigned stays in MikroORM's snapshot in place of its result, in some cases. */
function isKnown(original: EntityValues, name: string): boolean {
  const value = original[name];
  return value === undefined ? name in original : !isRaw(value);
}
