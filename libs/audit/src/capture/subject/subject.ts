import type { EntityManager, EntityProperty } from '@mikro-orm/core';
import type { EntityCodec } from '../../serialize/entity/entity-codec.js';
import { type AnyChangeSet, hasKeyPart, hasWholeKey, isCreate, isDelete } from '../orm/change-set-facts.js';
import type { ClassFacts } from '../orm/class-facts.js';
import { type EntityValues, isLoaded, keyColumnsOf, keyOf, managedValue } from '../orm/entity-facts.js';
import { columnText, RowKey, referenceColumns } from '../orm/row-key.js';
import { rowPlace, schemaAround } from '../orm/schema-facts.js';

/** The subclasses of an entity whose class is certain. */
const CERTAIN: readonly EntityCodec[] = [];

/** One entity that a flush is about to update or delete, with everything known of it before the first statement. */
export interface Subject {
  readonly entity: object;
  readonly facts: ClassFacts;
  /** Of its class; its row may be of one of `subclasses` nevertheless. */
  readonly codec: EntityCodec;
  /** Most derived first; empty when the class is certain. MikroORM makes references of the class that it is asked for. */
  readonly subclasses: readonly EntityCodec[];
  /** Values before, in database form, with the key that the statement is sent to. An absent name is unknown. */
  readonly original: EntityValues;
  readonly isDelete: boolean;
  /** True when the statement removes or changes the key, for which PostgreSQL takes its strongest row lock. */
  readonly locksKey: boolean;
  /** False when `original` holds claims of the caller, as after `em.merge()`. */
  readonly isTrusted: boolean;
}

interface Knowledge {
  readonly codec: EntityCodec;
  readonly subclasses: readonly EntityCodec[];
  readonly snapshot: EntityValues | undefined;
  /** Whether the snapshot shows the stored values. */
  readonly isTrusted: boolean;
}

export function subjectOf(
  changeSet: AnyChangeSet,
  facts: ClassFacts,
  { codec, subclasses, snapshot, isTrusted: isSnapshotTrusted }: Knowledge,
): Subject {
  const { entity } = changeSet;
  const isRemoved = isDelete(changeSet);
  // Updates go to the key that was loaded, deletes to the one that the entity has now.
  const isOtherRow = isRemoved && snapshot !== undefined && !hasSameKey(entity, snapshot, facts);
  const isTrusted = !isOtherRow && isSnapshotTrusted;
  return {
    entity,
    facts,
    codec,
    subclasses: isTrusted ? CERTAIN : subclasses,
    original: isOtherRow ? keyOf(entity) : withManagedValues(entity, codec, withKey(snapshot, entity, facts)),
    isDelete: isRemoved,
    locksKey: isRemoved || changesKey(changeSet, facts),
    isTrusted,
  };
}

/** An entity whose change set another subscriber added when the flush had begun. */
export function lateSubjectOf(
  changeSet: AnyChangeSet,
  facts: ClassFacts,
  codec: EntityCodec,
  original: EntityValues,
): Subject {
  const { entity } = changeSet;
  return {
    entity,
    facts,
    codec,
    subclasses: CERTAIN,
    original: { ...keyOf(entity), ...original },
    isDelete: isDelete(changeSet),
    locksKey: isDelete(changeSet),
    isTrusted: false,
  };
}

/** Whether an update gives the row another key. */
export function changesKey(changeSet: AnyChangeSet, { meta }: ClassFacts): boolean {
  return !isCreate(changeSet) && hasKeyPart(changeSet.payload as EntityValues, meta);
}

/** The key to which the statement is sent; of an entity that is not audited, too. */
export function sentKey(changeSet: AnyChangeSet, { meta }: ClassFacts, em: EntityManager): RowKey {
  const { entity } = changeSet;
  const values = isDelete(changeSet) ? undefined : changeSet.originalEntity;
  return RowKey.ofValues(meta, values ?? keyOf(entity), rowPlace(meta, schemaAround(entity, em), em));
}

function hasSameKey(entity: object, snapshot: EntityValues, { meta }: ClassFacts): boolean {
  const [only, second] = meta.primaryKeys;
  const stored = only !== undefined && second === undefined ? snapshot[only] : undefined;
  const columns = keyColumnsOf(entity);
  return (
    (typeof stored === 'string' && stored === columns[0]) ||
    columnText(meta.primaryKeys.flatMap((name) => referenceColumns(snapshot[name]))) === columnText(columns)
  );
}

/** The snapshot as it is now: MikroORM changes it while the statements run. */
function withKey(snapshot: EntityValues | undefined, entity: object, { meta }: ClassFacts): EntityValues {
  return snapshot && hasWholeKey(snapshot, meta) ? { ...snapshot } : { ...keyOf(entity), ...snapshot };
}

/**
 * Database-managed properties (lock version, generated columns) are missing in MikroORM's snapshot after a flush, but
 * the entity still has the stored value as long as the next statement has not run.
 */
function withManagedValues(entity: object, { managed }: EntityCodec, original: EntityValues): EntityValues {
  const missing = managed.length === 0 ? managed : managed.filter(({ name }) => !(name in original));
  if (missing.length === 0 || !isLoaded(entity)) {
    return original;
  }
  const known = missing.flatMap((prop: EntityProperty) => {
    const value = managedValue(entity, prop);
    return value === undefined ? [] : [[prop.name, value] as const];
  });
  return { ...original, ...Object.fromEntries(known) };
}
