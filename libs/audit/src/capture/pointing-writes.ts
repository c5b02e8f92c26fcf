import { type ChangeSet, Reference, type UnitOfWork, Utils } from '@mikro-orm/core';
import type { EntityCodec } from '../serialize/entity/entity-codec.js';
import type { PointerRule, PointingWrite } from './doomed-writes.js';
import { type EntityValues, isDelete, payloadOf } from './flush-subject.js';
import { keyValues } from './link-changes.js';

interface Lookup {
  readonly codecOf: (changeSet: ChangeSet<object>) => EntityCodec | undefined;
  /** Null for an entity that is created. */
  readonly originalOf: (entity: object) => EntityValues | null;
  readonly rulesOf: (codec: EntityCodec) => readonly PointerRule[];
}

/** What a flush makes point to other rows, in case it deletes those, or lets go of what points to them. */
export function* pointingWrites(
  changeSets: readonly ChangeSet<object>[],
  extraUpdates: ReturnType<UnitOfWork['getExtraUpdates']>,
  { codecOf, originalOf, rulesOf }: Lookup,
): Generator<PointingWrite> {
  const postponed = postponedValues(extraUpdates);
  for (const changeSet of changeSets) {
    const { entity, schema } = changeSet;
    const codec = isDelete(changeSet) ? undefined : codecOf(changeSet);
    const original = originalOf(entity);
    const later = postponed.get(entity);
    for (const { reference, effect, letGoBy } of codec ? rulesOf(codec) : []) {
      const { name } = reference;
      const isWritten = original === null || later?.has(name) || name in payloadOf(changeSet);
      const value = later?.get(name) ?? (entity as EntityValues)[name];
      if (codec && isWritten && Utils.isEntity<object>(value, true)) {
        const target = Reference.unwrapReference(value);
        const targetKey = keyValues(target);
        yield { entity, codec, original, reference, effect, target, targetKey, schema, letGoBy };
      }
    }
  }
}

/** Until its extra update an entity does not have the value. */
function postponedValues(
  extraUpdates: ReturnType<UnitOfWork['getExtraUpdates']>,
): ReadonlyMap<object, ReadonlyMap<string, unknown>> {
  const postponed = new Map<object, Map<string, unknown>>();
  for (const [entity, names, values] of extraUpdates) {
    const ofEntity = postponed.get(entity) ?? new Map<string, unknown>();
    postponed.set(entity, ofEntity);
    for (const [i, name] of [names].flat().entries()) {
      ofEntity.set(name, Array.isArray(names) ? (values as unknown[])[i] : values);
    }
  }
  return postponed;
}
