import type { ChangeSet, EntityMetadata, EntityProperty } from '@mikro-orm/core';
import type { EntityPolicy } from '../policy/entity-policy.js';
import type { EntityCodec } from '../serialize/entity/entity-codec.js';
import { keyText } from '../serialize/entity/key-text.js';
import type { CascadeRule } from './cascade-rules.js';
import { type EntityValues, isDelete, keyOf, type NewKey, payloadOf } from './flush-subject.js';
import { rootOf, rootRelation } from './root-of.js';
import type { RowDraft } from './row-draft.js';

/** A row that a statement of the flush changes although the unit of work has no change set that says so. */
export interface AffectedRow {
  readonly codec: EntityCodec;
  readonly entityId: string;
  /** As it is before the flush. */
  readonly row: EntityValues;
  /** The foreign key by which the row is reached. */
  readonly reference: EntityProperty;
  readonly effect: CascadeRule['effect'];
  /** Key that the foreign key gets; null unless the effect is `set key`. */
  readonly newKey: NewKey | null;
  /** True when it happens before the flush's own updates. */
  readonly isEarly: boolean;
}

/** How the flush treats an entity that it has a change set for; undefined when it has none. */
export type OwnChange = (codec: EntityCodec, entityId: string) => OwnTreatment | undefined;

interface OwnTreatment {
  readonly isDelete: boolean;
  readonly changes: (name: string) => boolean;
  /** What is sent, in database form. */
  readonly valueOf: (name: string) => unknown;
}

/** @param changeSets by the names of their rows */
export function ownChangeIn(changeSets: Iterable<[string, ChangeSet<object>]>): OwnChange {
  const own = new Map(changeSets);
  return (codec, entityId) => {
    const changeSet = own.get(rowName(codec, entityId));
    return changeSet && treatmentOf(changeSet);
  };
}

function treatmentOf(changeSet: ChangeSet<object>): OwnTreatment {
  const payload = payloadOf(changeSet);
  return {
    isDelete: isDelete(changeSet),
    changes: (name) => name in payload,
    valueOf: (name) => payload[name],
  };
}

/** A row that the flush makes point to one that it then deletes; the database lets go of it again. */
export interface DetachedRow {
  readonly entity: object;
  readonly codec: EntityCodec;
  readonly reference: EntityProperty;
  readonly targetKey: readonly unknown[];
}

export function affectedDraft(
  { codec, entityId, row, reference, effect, newKey }: AffectedRow,
  policyOf: (meta: EntityMetadata) => EntityPolicy | undefined,
): RowDraft {
  const names = effect === 'delete' ? codec.names : [reference.name];
  const value = newKey === null ? null : codec.encode(reference.name, asValue(newKey()), 'unit-of-work');
  const partOf = rootRelation(codec.policy);
  const isMoved = effect === 'set key' && partOf?.name === reference.name;
  return {
    codec,
    operation: effect === 'delete' ? 'delete' : 'update',
    entityId,
    // A row that is detached from what it was part of stays in its story.
    root: partOf
      ? rootOf(partOf, isMoved ? value : codec.encode(partOf.name, row[partOf.name], 'row'), policyOf)
      : null,
    before: Object.fromEntries(names.map((name) => [name, codec.encode(name, row[name], 'row')])),
    after: effect === 'delete' ? {} : { [reference.name]: value },
  };
}

/** Comes after the flush's own updates, so it starts from what they have made of the row. */
export function takenDraft(
  taken: AffectedRow,
  ownChange: OwnChange,
  policyOf: Parameters<typeof affectedDraft>[1],
): RowDraft | null {
  const { codec, entityId, reference } = taken;
  const own = ownChange(codec, entityId);
  if (own?.isDelete) {
    return null;
  }
  const draft = affectedDraft(taken, policyOf);
  if (!own?.changes(reference.name)) {
    return draft;
  }
  const before = codec.encode(reference.name, own.valueOf(reference.name), 'unit-of-work');
  return { ...draft, before: { [reference.name]: before } };
}

/** Asked after the statements, when the keys of new rows are known. */
export function detachedDraft({ entity, codec, reference, targetKey }: DetachedRow): RowDraft {
  const { name } = reference;
  return {
    codec,
    operation: 'update',
    entityId: codec.entityId(keyOf(entity, codec.policy.meta), 'unit-of-work'),
    root: undefined,
    before: { [name]: codec.encode(name, asValue(targetKey), 'unit-of-work') },
    after: { [name]: null },
  };
}

/** A key as MikroORM's conditions take it: the value itself, or an array where it is composite. */
export function asValue(key: readonly unknown[]): unknown {
  return key.length === 1 ? key[0] : key;
}

/** Drivers give numbers where the unit of work has texts, and the other way round. */
export function columnText(key: readonly unknown[]): string {
  return keyText(key.map(String));
}

/** Where the flush updates the row, the update has to come first, because it is none if the row is gone. */
export function isEarlyOnly({ codec, entityId, isEarly }: AffectedRow, ownChange: OwnChange): boolean {
  return isEarly && ownChange(codec, entityId) === undefined;
}

/** Unambiguous among all rows. */
export function rowName({ policy }: EntityCodec, entityId: string): string {
  return JSON.stringify([policy.entityType, entityId]);
}
