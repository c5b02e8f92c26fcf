import { type ChangeSet, ChangeSetType, type EntityMetadata, helper } from '@mikro-orm/core';
import type { EntityCodec } from '../serialize/entity/entity-codec.js';
import { keyValues } from './link-changes.js';

/** Values of one entity in MikroORM's database form, by property name. */
export type EntityValues = Readonly<Record<string, unknown>>;

/** The subclasses of an entity whose class is certain. */
const CERTAIN: readonly EntityCodec[] = [];

/** One entity that a flush is about to write, with what is known of it before the first statement. */
export interface FlushSubject {
  readonly entity: object;
  /** Of its class; its row may be of one of `subclasses` nevertheless. */
  readonly codec: EntityCodec;
  /** Most derived first; empty when the class is certain. MikroORM makes references of the class that it is asked for. */
  readonly subclasses: readonly EntityCodec[];
  /** Values before, in database form; an absent key is unknown, unless `freshlyCreated`. */
  readonly original: EntityValues;
  readonly isDelete: boolean;
  /** True when the statement removes or changes the key, for which PostgreSQL takes its strongest row lock. */
  readonly locksKey: boolean;
  /** False when `original` is what somebody claims, as with `em.merge()`. */
  readonly isTrusted: boolean;
}

export function isDelete(changeSet: ChangeSet<object>): boolean {
  return changeSet.type === ChangeSetType.DELETE || changeSet.type === ChangeSetType.DELETE_EARLY;
}

export function isCreate(changeSet: ChangeSet<object>): boolean {
  return changeSet.type === ChangeSetType.CREATE;
}

/** The values to be written; joined-table inheritance spreads them over one change set per table. */
export function payloadOf(changeSet: ChangeSet<object>): EntityValues {
  const parents = changeSet.tptChangeSets ?? [];
  return parents.length === 0
    ? (changeSet.payload as EntityValues)
    : Object.assign({}, ...parents.map((parent) => parent.payload), changeSet.payload);
}

interface Knowledge {
  readonly codec: EntityCodec;
  readonly subclasses: readonly EntityCodec[];
  readonly snapshot: EntityValues | undefined;
  /** Whether the snapshot shows what is stored. */
  readonly isBelieved: boolean;
}

/** What is known of an entity that is updated or deleted. */
export function subjectOf(
  changeSet: ChangeSet<object>,
  meta: EntityMetadata,
  { codec, subclasses, snapshot, isBelieved }: Knowledge,
): FlushSubject {
  const { entity } = changeSet;
  const isRemoved = isDelete(changeSet);
  // Updates go to the key that was loaded, deletes to the one that the entity has now.
  const isOtherRow = isRemoved && snapshot !== undefined && !isSameKey(snapshot, entity, meta);
  const isTrusted = !isOtherRow && isBelieved;
  return {
    entity,
    codec,
    subclasses: isTrusted ? CERTAIN : subclasses,
    original: isOtherRow
      ? keyOf(entity, meta)
      : withManagedValues(entity, codec, withKey(snapshot, entity, meta)),
    isDelete: isRemoved,
    locksKey: isRemoved || changesKey(changeSet, meta),
    isTrusted,
  };
}

/** What is known of an entity whose change set was added when the flush had begun. */
export function lateSubjectOf(
  changeSet: ChangeSet<object>,
  meta: EntityMetadata,
  codec: EntityCodec,
  original: EntityValues,
): FlushSubject {
  const { entity } = changeSet;
  return {
    entity,
    codec,
    subclasses: CERTAIN,
    original: { ...keyOf(entity, meta), ...original },
    isDelete: isDelete(changeSet),
    locksKey: isDelete(changeSet),
    isTrusted: false,
  };
}

export function changesKey(changeSet: ChangeSet<object>, meta: EntityMetadata): boolean {
  return !isCreate(changeSet) && hasKeyPart(changeSet.payload as EntityValues, meta);
}

/** Whether values have something of the key. */
export function hasKeyPart(values: EntityValues, meta: EntityMetadata): boolean {
  for (const name of meta.primaryKeys) {
    if (name in values) {
      return true;
    }
  }
  return false;
}

/**
 * Database-managed properties (lock version, generated columns) are missing in MikroORM's snapshot after a flush, but
 * the entity still has the stored value as long as the next statement has not run.
 */
function withManagedValues(entity: object, codec: EntityCodec, original: EntityValues): EntityValues {
  if (codec.managed.length === 0) {
    return original;
  }
  const managed = codec.managed.filter((prop) => !(prop.name in original));
  if (managed.length === 0 || !helper(entity).isInitialized()) {
    return original;
  }
  const platform = helper(entity).__platform;
  const values: Record<string, unknown> = { ...original };
  for (const prop of managed) {
    const value = (entity as Record<string, unknown>)[prop.name];
    if (value !== undefined) {
      values[prop.name] = prop.customType
        ? prop.customType.convertToDatabaseValue(value, platform, { mode: 'serialization' })
        : value;
    }
  }
  return values;
}

/** The key of an entity in database form, by property name. */
export function keyOf(entity: object, meta: EntityMetadata): EntityValues {
  const key: unknown = helper(entity).getPrimaryKey(true);
  const [only, second] = meta.primaryKeys;
  if (second !== undefined && typeof key === 'object' && key !== null) {
    return key as EntityValues;
  }
  return only === undefined ? {} : { [only]: key };
}

function isSameKey(snapshot: EntityValues, entity: object, meta: EntityMetadata): boolean {
  const [only, second] = meta.primaryKeys;
  const stored = only !== undefined && second === undefined ? snapshot[only] : undefined;
  const isSameText = typeof stored === 'string' && stored === helper(entity).getPrimaryKey(true);
  return isSameText || String(keyColumns(meta, snapshot)) === String(keyValues(entity));
}

/** The snapshot as it is now: MikroORM changes it while the statements run. */
function withKey(snapshot: EntityValues | undefined, entity: object, meta: EntityMetadata): EntityValues {
  return snapshot && hasWholeKey(snapshot, meta) ? { ...snapshot } : { ...keyOf(entity, meta), ...snapshot };
}

/** Whether values have all of the key. */
export function hasWholeKey(values: EntityValues, meta: EntityMetadata): boolean {
  for (const name of meta.primaryKeys) {
    if (values[name] === undefined) {
      return false;
    }
  }
  return true;
}

/** The values of the key columns of a row, in database form and in the order of the key. */
export function keyColumns(meta: EntityMetadata, row: EntityValues): readonly unknown[] {
  const [only, second] = meta.primaryKeys;
  const key = only === undefined ? undefined : row[only];
  return second === undefined && !Array.isArray(key)
    ? [key]
    : meta.primaryKeys.map((name) => row[name]).flat(Number.POSITIVE_INFINITY);
}

/** The key columns that a row has after the flush; asked after its statements. */
export type NewKey = () => readonly unknown[];
