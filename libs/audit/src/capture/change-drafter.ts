import { type ChangeSet, type EntityMetadata, isRaw } from '@mikro-orm/core';
import type { JsonObject, JsonValue } from '../model/json.js';
import type { EntityCodec } from '../serialize/entity-codec.js';
import type { PropertyCodec } from '../serialize/property-codec.js';
import { type BeforeImages, hasDatabaseDefault } from './before-images.js';
import type { CaptureEnvironment } from './capture-environment.js';
import {
  type EntityValues,
  type FlushSubject,
  isCreate,
  isDelete,
  keyOf,
  payloadOf,
} from './flush-subject.js';
import { labelsOf } from './labels.js';
import { rootOf, rootOfEntity, rootRelation } from './root-of.js';
import type { OpenDraft, RowDraft } from './row-draft.js';

/** What was sent, by the names of what only the database knows. */
type Unresolved = Map<string, JsonValue | undefined>;

/** Turns the executed change sets of a flush into changes. */
export class ChangeDrafter {
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

  private draftCreate(changeSet: ChangeSet<object>, codec: EntityCodec): OpenDraft {
    const { entity } = changeSet;
    const payload = payloadOf(changeSet);
    const { meta } = codec.policy;
    const isKeySent = meta.primaryKeys.every((name) => payload[name] !== undefined);
    const key = isKeySent ? keyIn(payload, meta) : { ...keyOf(entity, meta), ...keyIn(payload, meta) };
    const values = isKeySent ? payload : { ...key, ...payload };
    const unresolved: Unresolved = new Map();
    const after: Record<string, JsonValue> = {};
    for (const [name, property] of codec.properties) {
      const value = values[name];
      if (value === undefined && hasDatabaseDefault(codec, name)) {
        unresolved.set(name, undefined);
      } else {
        putStored(property, name, value, after, unresolved);
      }
    }
    this.environment.created.add(entity);
    return {
      entity,
      codec,
      operation: 'create',
      entityId: codec.entityId(values, 'unit-of-work'),
      root: this.rootOf(codec, entity, values),
      labels: labelsOf(entity, codec, {}, this.environment.policyOf),
      before: {},
      after,
      unresolved: codec.policy.exact ? allUnresolved(codec, after) : unresolved,
      key,
      schema: changeSet.schema,
    };
  }

  private draftUpdate(changeSet: ChangeSet<object>, codec: EntityCodec, subject: FlushSubject): OpenDraft {
    const payload = payloadOf(changeSet);
    const { exact } = codec.policy;
    const names = exact ? [...codec.properties.keys()] : changedNames(codec, payload);
    const unresolved: Unresolved = new Map();
    const after: Record<string, JsonValue> = {};
    for (const name of names) {
      const property = codec.properties.get(name);
      if (property && name in payload) {
        putStored(property, name, payload[name], after, unresolved);
      } else {
        unresolved.set(name, undefined);
      }
    }
    const { meta } = codec.policy;
    const entityId = codec.entityId(subject.original, 'unit-of-work');
    const keyBefore = keyIn(subject.original, meta);
    let key = keyBefore;
    if (meta.primaryKeys.some((name) => payload[name] !== undefined)) {
      key = { ...keyBefore, ...keyIn(payload, meta) };
      if (codec.entityId(keyBefore, 'unit-of-work') !== codec.entityId(key, 'unit-of-work')) {
        // MikroORM (7.2) forgets a new key when it updates several rows at once.
        for (const name of meta.primaryKeys) {
          unresolved.set(name, after[name]);
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
      labels: labelsOf(subject.entity, codec, subject.original, this.environment.policyOf, payload),
      before: this.images.valuesOf(subject, names),
      after,
      unresolved: exact ? allUnresolved(codec, after) : unresolved,
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
      labels: labelsOf(subject.entity, codec, subject.original, this.environment.policyOf),
      before: this.images.valuesOf(subject, codec.properties.keys()),
      after: {},
    };
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

/** What an update records: what was sent, and what the database changes by itself (lock versions, generated columns). */
export function changedNames(codec: EntityCodec, payload: EntityValues): readonly string[] {
  const sent = Object.keys(payload);
  const names =
    codec.managed.length === 0 ? sent : [...new Set([...sent, ...codec.managed.map(({ name }) => name)])];
  return names.every((name) => codec.properties.has(name))
    ? names
    : names.filter((name) => codec.properties.has(name));
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

/** Puts what is stored for a sent value, or notes that only the database knows. */
function putStored(
  property: PropertyCodec,
  name: string,
  value: unknown,
  after: Record<string, JsonValue>,
  unresolved: Unresolved,
): void {
  const ordinary = property.ordinary(value);
  if (ordinary !== undefined) {
    after[name] = ordinary;
    return;
  }
  const sent = isRaw(value) ? undefined : property.encode(value, 'unit-of-work');
  const stored = sent === undefined || sent === null ? sent : property.storedForm(sent);
  if (stored === undefined) {
    unresolved.set(name, sent);
  } else {
    after[name] = stored;
  }
}

/** An exact policy believes nothing of what was sent. */
function allUnresolved(codec: EntityCodec, sent: JsonObject): Unresolved {
  return new Map([...codec.properties.keys()].map((name) => [name, sent[name]]));
}
