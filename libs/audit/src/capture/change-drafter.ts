import type { ChangeSet, EntityMetadata } from '@mikro-orm/core';
import type { ChangeLabels } from '../model/change-labels.js';
import type { AuditedProperty } from '../policy/entity-policy.js';
import type { EntityCodec } from '../serialize/entity/entity-codec.js';
import type { BeforeImages } from './before-images.js';
import type { CaptureEnvironment } from './capture-environment.js';
import {
  type EntityValues,
  type FlushSubject,
  hasWholeKey,
  isCreate,
  isDelete,
  keyOf,
  payloadOf,
} from './flush-subject.js';
import { labelledReferences, labelsOf } from './labels.js';
import { rootOf, rootOfEntity, rootRelation } from './root-of.js';
import type { RowDraft, SentDraft } from './row-draft.js';
import { SentValues } from './sent-values.js';

/** Turns the executed change sets of a flush into changes. */
export class ChangeDrafter {
  /** References whose targets may have labels; looked up once per class. */
  private readonly labelled = new Map<EntityCodec, readonly AuditedProperty[]>();

  constructor(
    private readonly environment: CaptureEnvironment,
    private readonly images: BeforeImages,
    private readonly lateSubject: (changeSet: ChangeSet<object>) => FlushSubject | undefined,
  ) {}

  /**
   * @param isHidden whether the change set was executed as an extra update, under another change set
   * @returns null when nothing was executed, or the statement hit no row
   */
  draft(
    changeSet: ChangeSet<object>,
    codec: EntityCodec,
    noted: FlushSubject | undefined,
    isHidden: boolean,
  ): RowDraft | null {
    if (isCreate(changeSet)) {
      return changeSet.persisted ? this.draftCreate(changeSet, codec) : null;
    }
    const subject = noted ?? this.lateSubject(changeSet);
    if (!subject || this.images.isGone(subject)) {
      return null;
    }
    if (isDelete(changeSet)) {
      return this.draftDelete(codec, subject);
    }
    return isHidden || wasExecuted(changeSet) ? this.draftUpdate(changeSet, codec, subject) : null;
  }

  private draftCreate(changeSet: ChangeSet<object>, codec: EntityCodec): SentDraft {
    const { entity } = changeSet;
    const payload = payloadOf(changeSet);
    const { meta } = codec.policy;
    const values = hasWholeKey(payload, meta)
      ? payload
      : { ...payload, ...keyOf(entity, meta), ...keyIn(payload, meta) };
    const sent = new SentValues();
    for (const property of codec.properties.values()) {
      const value = values[property.name];
      if (value === undefined && property.hasDatabaseDefault) {
        sent.leaveOpen(property.name);
      } else {
        sent.put(property, value);
      }
    }
    this.environment.snapshots.noteCreated(entity);
    return {
      entity,
      codec,
      operation: 'create',
      entityId: codec.entityId(values, 'unit-of-work'),
      root: this.rootOf(codec, entity, values),
      labels: this.labelsOf(codec, entity, {}),
      before: {},
      after: sent.stored,
      unresolved: codec.policy.exact ? sent.allOf(codec.names) : sent.unresolved,
      key: values,
      schema: changeSet.schema,
    };
  }

  private draftUpdate(changeSet: ChangeSet<object>, codec: EntityCodec, subject: FlushSubject): SentDraft {
    const payload = payloadOf(changeSet);
    const { exact } = codec.policy;
    const { meta } = codec.policy;
    const keepsKey = isKeyKept(payload, subject.original, meta);
    const names = exact ? codec.names : changedNames(codec, payload, keepsKey ? meta.primaryKeys : []);
    const sent = new SentValues();
    for (const name of names) {
      const property = codec.properties.get(name);
      if (property && name in payload) {
        sent.put(property, payload[name]);
      } else {
        sent.leaveOpen(name);
      }
    }
    const entityId = codec.entityId(subject.original, 'unit-of-work');
    const keyBefore = subject.original;
    let key = keyBefore;
    if (!keepsKey) {
      key = { ...keyBefore, ...keyIn(payload, meta) };
      if (entityId !== codec.entityId(key, 'unit-of-work')) {
        // MikroORM (7.2) forgets a new key when it updates several rows at once.
        for (const name of meta.primaryKeys) {
          sent.leaveOpen(name, sent.stored[name]);
        }
      }
    }
    return {
      entity: subject.entity,
      codec,
      operation: 'update',
      entityId,
      root:
        codec.policy.partOf === null
          ? null
          : this.rootOf(codec, subject.entity, { ...subject.original, ...payload }),
      labels: this.labelsOf(codec, subject.entity, subject.original, payload),
      before: this.images.valuesOf(subject, names),
      after: sent.stored,
      unresolved: exact ? sent.allOf(codec.names) : sent.unresolved,
      rowBefore: exact ? this.images.rowOf(subject) : undefined,
      key,
      keyBefore,
      schema: changeSet.schema,
    };
  }

  private draftDelete(codec: EntityCodec, subject: FlushSubject): RowDraft {
    return {
      codec,
      operation: 'delete',
      entityId: codec.entityId(subject.original, 'unit-of-work'),
      root: this.rootOf(codec, subject.entity, subject.original),
      labels: this.labelsOf(codec, subject.entity, subject.original),
      before: this.images.valuesOf(subject, codec.names),
      after: {},
    };
  }

  private labelsOf(
    codec: EntityCodec,
    entity: object,
    original: EntityValues,
    payload?: EntityValues,
  ): ChangeLabels | null {
    const { policyOf } = this.environment;
    let references = this.labelled.get(codec);
    if (!references) {
      references = labelledReferences(codec, policyOf);
      this.labelled.set(codec, references);
    }
    return labelsOf(entity, codec.policy, references, original, policyOf, payload);
  }

  private rootOf(codec: EntityCodec, entity: object, values: EntityValues): RowDraft['root'] {
    const prop = rootRelation(codec.policy);
    if (!prop) {
      return null;
    }
    const { policyOf } = this.environment;
    return prop.name in values
      ? rootOf(prop, codec.encode(prop.name, values[prop.name], 'unit-of-work'), policyOf)
      : rootOfEntity(prop, entity, policyOf);
  }
}

function wasExecuted(changeSet: ChangeSet<object>): boolean {
  return (
    changeSet.persisted === true ||
    (changeSet.tptChangeSets ?? []).some((parent) => parent.persisted === true)
  );
}

/**
 * What an update records: what was sent, and what the database changes by itself (lock versions, generated columns).
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

/** MikroORM puts the keys that a statement for several rows answers with into what it has sent. */
function isKeyKept(payload: EntityValues, original: EntityValues, { primaryKeys }: EntityMetadata): boolean {
  for (const name of primaryKeys) {
    if (payload[name] !== undefined && payload[name] !== original[name]) {
      return false;
    }
  }
  return true;
}

function keyIn(values: EntityValues, meta: EntityMetadata): EntityValues {
  const key: Record<string, unknown> = {};
  for (const name of meta.primaryKeys) {
    if (values[name] !== undefined) {
      key[name] = values[name];
    }
  }
  return key;
}
