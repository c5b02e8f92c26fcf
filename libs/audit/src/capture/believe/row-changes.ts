import type { EntityMetadata } from '@mikro-orm/core';
import type { JsonValue } from '../../model/json.js';
import type { EntityPolicy } from '../../policy/entity-policy.js';
import type { EntityCodec } from '../../serialize/entity/entity-codec.js';
import {
  type AnyChangeSet,
  hasWholeKey,
  isDelete,
  keyPartsIn,
  payloadOf,
  wasExecuted,
} from '../orm/change-set-facts.js';
import { type EntityValues, keyOf } from '../orm/entity-facts.js';
import type { Draft } from '../record/draft.js';
import type { RowsBefore } from '../subject/rows-before.js';
import type { Subject } from '../subject/subject.js';
import type { KnownValues } from './known-values.js';
import { SentValues } from './sent-values.js';

/** Turns executed change sets into changes, by what the unit of work knew before and has sent since. */
export class RowChanges {
  constructor(
    private readonly known: KnownValues,
    private readonly rows: RowsBefore,
  ) {}

  /** Null when nothing was inserted. */
  created(changeSet: AnyChangeSet, codec: EntityCodec): Draft | null {
    if (!wasExecuted(changeSet)) {
      return null;
    }
    const { entity } = changeSet;
    const values = createdValues(changeSet, codec.policy.meta);
    const sent = new SentValues();
    for (const property of codec.properties.values()) {
      const value = values[property.name];
      if (value === undefined && property.hasDatabaseDefault) {
        sent.leaveOpen(property.name);
      } else {
        sent.put(property, value);
      }
    }
    return {
      entity,
      codec,
      operation: 'create',
      entityId: codec.entityId(values, 'unit-of-work'),
      partOf: undefined,
      before: {},
      after: sent.stored,
      links: null,
      open: sent.open && { values: sent.open, key: values },
    };
  }

  /**
   * @param isHidden whether the change set was executed as an extra update, under another change set
   * @returns null when nothing was executed, or the statement hit no row
   */
  changed(changeSet: AnyChangeSet, subject: Subject, isHidden: boolean): Draft | null {
    if (this.rows.isGone(subject)) {
      return null;
    }
    if (isDelete(changeSet)) {
      return this.deleted(subject);
    }
    return isHidden || wasExecuted(changeSet) ? this.updated(changeSet, subject) : null;
  }

  private updated(changeSet: AnyChangeSet, subject: Subject): Draft {
    const codec = this.rows.codecOf(subject);
    const { entity, original } = subject;
    const payload = payloadOf(changeSet);
    // MikroORM puts the keys that a statement for several rows answers with into the payload.
    const names = changedNames(codec, payload, codec.policy.meta.primaryKeys);
    const sent = new SentValues();
    for (const name of names) {
      const property = codec.properties.get(name);
      if (property && name in payload) {
        sent.put(property, payload[name]);
      } else {
        sent.leaveOpen(name);
      }
    }
    return {
      entity,
      codec,
      operation: 'update',
      entityId: codec.entityId(original, 'unit-of-work'),
      partOf: partOfIn(codec, original),
      before: this.known.valuesOf(subject, codec, names, this.rows.rowOf(subject)),
      after: sent.stored,
      links: null,
      open: sent.open && { values: sent.open, key: original },
    };
  }

  private deleted(subject: Subject): Draft {
    const codec = this.rows.codecOf(subject);
    return {
      entity: subject.entity,
      codec,
      operation: 'delete',
      entityId: codec.entityId(subject.original, 'unit-of-work'),
      partOf: undefined,
      before: this.known.valuesOf(subject, codec, codec.names, this.rows.rowOf(subject)),
      after: {},
      links: null,
      open: null,
    };
  }
}

/** The values of a row that was inserted, with its key; generated keys come back into the payload, or the entity alone. */
export function createdValues(changeSet: AnyChangeSet, meta: EntityMetadata): EntityValues {
  const payload = payloadOf(changeSet);
  return hasWholeKey(payload, meta)
    ? payload
    : { ...payload, ...keyOf(changeSet.entity), ...keyPartsIn(payload, meta) };
}

/**
 * The names that an update records: those that it sends, and those that the database changes by itself (lock versions,
 * generated columns).
 * @param kept names that are left out
 */
export function changedNames(
  codec: EntityCodec,
  payload: EntityValues,
  kept: readonly string[] = [],
): readonly string[] {
  const names: string[] = [];
  for (const name of Object.keys(payload)) {
    if (codec.properties.has(name) && !kept.includes(name)) {
      names.push(name);
    }
  }
  for (const { name } of codec.managed) {
    if (codec.properties.has(name) && !names.includes(name)) {
      names.push(name);
    }
  }
  return names;
}

/** The encoded foreign key to what a row is part of; undefined when it is not among the values. */
function partOfIn(codec: EntityCodec, values: EntityValues): JsonValue | undefined {
  const { partOf }: EntityPolicy = codec.policy;
  return partOf !== null && partOf in values
    ? codec.encode(partOf, values[partOf], 'unit-of-work')
    : undefined;
}
