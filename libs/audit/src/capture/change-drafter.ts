import { type ChangeSet, type EntityMetadata, isRaw, Reference } from '@mikro-orm/core';
import type { JsonValue } from '../model/json.js';
import type { EntityCodec } from '../serialize/entity-codec.js';
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
import { keyValues } from './link-changes.js';
import { rootOf, rootRelation } from './root-of.js';
import type { OpenDraft, RowDraft } from './row-draft.js';

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
    const key = { ...keyOf(entity, codec.policy.meta), ...keyIn(payload, codec.policy.meta) };
    const values = { ...key, ...payload };
    const unresolved = new Map<string, JsonValue | undefined>();
    const after = new Map<string, JsonValue>();
    for (const name of codec.properties.keys()) {
      if (values[name] === undefined && hasDatabaseDefault(codec, name)) {
        unresolved.set(name, undefined);
      } else {
        putStored(codec, name, values[name], after, unresolved);
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
      before: new Map(),
      after,
      unresolved: codec.policy.exact ? allUnresolved(codec, after) : unresolved,
      key,
      schema: changeSet.schema,
    };
  }

  private draftUpdate(changeSet: ChangeSet<object>, codec: EntityCodec, subject: FlushSubject): OpenDraft {
    const payload = payloadOf(changeSet);
    const { exact } = codec.policy;
    const names = exact
      ? [...codec.properties.keys()]
      : [...new Set([...Object.keys(payload), ...codec.managed.map(({ name }) => name)])].filter((name) =>
          codec.properties.has(name),
        );
    const unresolved = new Map<string, JsonValue | undefined>();
    const after = new Map<string, JsonValue>();
    const before = new Map<string, JsonValue>();
    for (const name of names) {
      const property = codec.properties.get(name);
      if (property) {
        before.set(name, this.images.valueOf(subject, property));
      }
      if (name in payload) {
        putStored(codec, name, payload[name], after, unresolved);
      } else {
        unresolved.set(name, undefined);
      }
    }
    const keyBefore = keyIn(subject.original, codec.policy.meta);
    const key = { ...keyBefore, ...keyIn(payload, codec.policy.meta) };
    if (codec.entityId(keyBefore, 'unit-of-work') !== codec.entityId(key, 'unit-of-work')) {
      // MikroORM (7.2) forgets a new key when it updates several rows at once.
      for (const name of codec.policy.meta.primaryKeys) {
        unresolved.set(name, after.get(name));
      }
    }
    return {
      entity: subject.entity,
      codec,
      operation: 'update',
      entityId: codec.entityId(subject.original, 'unit-of-work'),
      root: this.rootOf(codec, subject.entity, { ...subject.original, ...payload }),
      labels: labelsOf(subject.entity, codec, subject.original, this.environment.policyOf, payload),
      before,
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
      before: new Map(
        [...codec.properties].map(([name, property]) => [name, this.images.valueOf(subject, property)]),
      ),
      after: new Map(),
    };
  }

  private rootOf(codec: EntityCodec, entity: object, values: EntityValues): RowDraft['root'] {
    const prop = rootRelation(codec.policy);
    if (!prop) {
      return null;
    }
    const { policyOf } = this.environment;
    if (prop.name in values) {
      return rootOf(prop, codec.encode(prop.name, values[prop.name], 'unit-of-work'), policyOf);
    }
    const target = Reference.unwrapReference((entity as Record<string, object | undefined>)[prop.name] ?? {});
    return '__helper' in target ? rootOf(prop, keyValues(target).map(String), policyOf) : null;
  }
}

function wasExecuted(changeSet: ChangeSet<object>): boolean {
  return (
    changeSet.persisted === true ||
    (changeSet.tptChangeSets ?? []).some((parent) => parent.persisted === true)
  );
}

function keyIn(values: EntityValues, meta: EntityMetadata): EntityValues {
  return Object.fromEntries(
    meta.primaryKeys.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]])),
  );
}

/** Puts what is stored for a sent value, or notes that only the database knows. */
function putStored(
  codec: EntityCodec,
  name: string,
  value: unknown,
  after: Map<string, JsonValue>,
  unresolved: Map<string, JsonValue | undefined>,
): void {
  const property = codec.properties.get(name);
  if (!property) {
    return;
  }
  const sent = isRaw(value) ? undefined : property.encode(value, 'unit-of-work');
  const stored = sent === undefined || sent === null ? sent : property.storedForm(sent);
  if (stored === undefined) {
    unresolved.set(name, sent);
  } else {
    after.set(name, stored);
  }
}

/** An exact policy believes nothing of what was sent. */
function allUnresolved(
  codec: EntityCodec,
  sent: ReadonlyMap<string, JsonValue>,
): Map<string, JsonValue | undefined> {
  return new Map([...codec.properties.keys()].map((name) => [name, sent.get(name)]));
}
