import { type ChangeSet, type EntityMetadata, isRaw, Reference } from '@mikro-orm/core';
import type { ChangeRecord } from '../model/change-record.js';
import type { JsonObject, JsonValue } from '../model/json.js';
import type { EntityCodec } from '../serialize/entity-codec.js';
import { keyText } from '../serialize/key-text.js';
import { linkIds } from '../serialize/links.js';
import { type BeforeImages, hasDatabaseDefault } from './before-images.js';
import type { CaptureEnvironment, StoredAs } from './capture-environment.js';
import {
  type EntityValues,
  type FlushSubject,
  isCreate,
  isDelete,
  keyOf,
  payloadOf,
} from './flush-subject.js';
import type { LinkCapture, LinkChange } from './link-capture.js';
import { keyValues } from './link-changes.js';
import { type RowDraft, toRecord } from './row-draft.js';
import type { StateReader } from './state-reader.js';

/** A draft whose values after the change are partly known only to the database. */
interface OpenDraft extends RowDraft {
  readonly entity: object;
  readonly after: Map<string, JsonValue>;
  /** What was sent, by the names of what is unresolved; undefined where nothing, or an SQL expression, was sent. */
  readonly unresolved: Map<string, JsonValue | undefined>;
  /** Key after the change, in database form. */
  readonly key: EntityValues;
  readonly schema: string | undefined;
}

type AnyDraft = RowDraft | OpenDraft;

/** Turns the executed change sets of a flush into changes. */
export class ChangeDrafter {
  private readonly early: AnyDraft[] = [];
  private readonly writes: AnyDraft[] = [];
  private readonly cascades: AnyDraft[] = [];
  private readonly deletes: AnyDraft[] = [];

  constructor(
    private readonly environment: CaptureEnvironment,
    private readonly images: BeforeImages,
    private readonly lateSubject: (changeSet: ChangeSet<object>) => FlushSubject | undefined,
  ) {}

  /** @param isHidden whether the change set was executed as an extra update, under another change set */
  draft(
    changeSet: ChangeSet<object>,
    codec: EntityCodec,
    noted: FlushSubject | undefined,
    isHidden: boolean,
  ): void {
    if (isCreate(changeSet)) {
      this.draftCreate(changeSet, codec);
      return;
    }
    const subject = noted?.isDelete === isDelete(changeSet) || noted ? noted : this.lateSubject(changeSet);
    if (!subject || this.images.isGone(subject)) {
      return;
    }
    if (isDelete(changeSet)) {
      this.draftDelete(changeSet, codec, subject);
    } else if (isHidden || wasExecuted(changeSet)) {
      this.draftUpdate(changeSet, codec, subject);
    }
  }

  addCascades(drafts: readonly RowDraft[]): void {
    this.cascades.push(...drafts.map((draft) => ({ ...draft, root: null })));
  }

  /** Puts links into the change of their entity, or makes an update of them where it has none. */
  addLinks(changes: ReturnType<LinkCapture['changes']>): void {
    const drafts = [this.early, this.writes, this.cascades, this.deletes];
    for (const { relation, byEntity } of changes) {
      const codec = this.environment.codecs.find(relation.policy.meta);
      for (const [entityId, change] of codec ? byEntity : []) {
        const isOurs = (draft: AnyDraft) => draft.codec === codec && draft.entityId === entityId;
        const list = drafts.findLast((candidates) => candidates.some(isOurs));
        const index = list?.findLastIndex(isOurs) ?? -1;
        const existing = list?.[index];
        if (list && existing) {
          list[index] = withLinks(existing, relation.collection.name, change);
        } else if (codec) {
          this.writes.push(withLinks(emptyUpdate(codec, entityId), relation.collection.name, change));
        }
      }
    }
  }

  /** The finished changes, in the order of the statements. Reads what only the database knows, once per table. */
  async records(reader: StateReader): Promise<readonly ChangeRecord[]> {
    const drafts = [...this.early, ...this.writes, ...this.cascades, ...this.deletes];
    const missing = await this.resolve(drafts, reader);
    return drafts.filter((draft) => !missing.has(draft)).flatMap((draft) => toRecord(draft) ?? []);
  }

  private draftCreate(changeSet: ChangeSet<object>, codec: EntityCodec): void {
    if (!changeSet.persisted) {
      return;
    }
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
    this.writes.push({
      entity,
      codec,
      operation: 'create',
      entityId: codec.entityId(values, 'unit-of-work'),
      root: this.rootOf(codec, entity, values),
      before: new Map(),
      after,
      unresolved: codec.policy.exact ? allUnresolved(codec, after) : unresolved,
      key,
      schema: changeSet.schema,
    });
  }

  private draftUpdate(changeSet: ChangeSet<object>, codec: EntityCodec, subject: FlushSubject): void {
    const payload = payloadOf(changeSet);
    const { exact } = codec.policy;
    const names = exact
      ? [...codec.properties.keys()]
      : Object.keys(payload).filter((name) => codec.properties.has(name));
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
      }
    }
    this.writes.push({
      entity: subject.entity,
      codec,
      operation: 'update',
      entityId: codec.entityId(subject.original, 'unit-of-work'),
      root: this.rootOf(codec, subject.entity, { ...subject.original, ...payload }),
      before,
      after,
      unresolved: exact ? allUnresolved(codec, after) : unresolved,
      key: { ...keyIn(subject.original, codec.policy.meta), ...keyIn(payload, codec.policy.meta) },
      schema: changeSet.schema,
    });
  }

  private draftDelete(changeSet: ChangeSet<object>, codec: EntityCodec, subject: FlushSubject): void {
    const before = new Map(
      [...codec.properties].map(([name, property]) => [name, this.images.valueOf(subject, property)]),
    );
    const isEarly = changeSet.type === 'delete_early';
    (isEarly ? this.early : this.deletes).push({
      codec,
      operation: 'delete',
      entityId: codec.entityId(subject.original, 'unit-of-work'),
      root: this.rootOf(codec, subject.entity, subject.original),
      before,
      after: new Map(),
    });
  }

  /** @returns drafts whose row is not there: their statements hit nothing */
  private async resolve(drafts: readonly AnyDraft[], reader: StateReader): Promise<ReadonlySet<AnyDraft>> {
    const open = drafts.filter(
      (draft): draft is OpenDraft => 'unresolved' in draft && draft.unresolved.size > 0,
    );
    const missing = new Set<AnyDraft>();
    for (const [codec, ofTable] of Map.groupBy(open, (draft) => draft.codec)) {
      for (const [schema, ofSchema] of Map.groupBy(ofTable, (draft) => draft.schema)) {
        const keys = ofSchema.map((draft) => draft.key);
        const rows = await reader.rowsByKey(codec, keys, 'none', schema);
        for (const draft of ofSchema) {
          const row = rows.get(codec.entityId(draft.key, 'unit-of-work'));
          if (row) {
            this.settle(draft, row);
          } else {
            missing.add(draft);
          }
        }
      }
    }
    return missing;
  }

  private settle({ entity, codec, after, unresolved }: OpenDraft, row: EntityValues): void {
    const storedAs = this.environment.storedAs.get(entity) ?? new Map<string, StoredAs>();
    for (const [name, sent] of unresolved) {
      const stored = codec.encode(name, row[name], 'row');
      after.set(name, stored);
      if (sent !== undefined) {
        storedAs.set(name, { sent, stored });
      }
    }
    this.environment.storedAs.set(entity, storedAs);
  }

  private rootOf(codec: EntityCodec, entity: object, values: EntityValues): RowDraft['root'] {
    const { partOf, meta } = codec.policy;
    const prop = partOf === null ? undefined : meta.relations.find((relation) => relation.name === partOf);
    if (!prop?.targetMeta) {
      return null;
    }
    const rootType = this.environment.policyOf(prop.targetMeta)?.entityType ?? prop.targetMeta.className;
    if (prop.name in values) {
      const value = codec.encode(prop.name, values[prop.name], 'unit-of-work');
      return value === null ? null : { rootType, rootId: keyText([value]) };
    }
    const target = Reference.unwrapReference((entity as Record<string, object | undefined>)[prop.name] ?? {});
    return '__helper' in target ? { rootType, rootId: keyText(keyValues(target).map(String)) } : null;
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

function emptyUpdate(codec: EntityCodec, entityId: string): RowDraft {
  return { codec, operation: 'update', entityId, root: null, before: new Map(), after: new Map() };
}

function withLinks<Draft extends AnyDraft>(draft: Draft, name: string, change: LinkChange): Draft {
  const put = (links: JsonObject | undefined, value: JsonObject): JsonObject =>
    (linkIds(value)?.length ?? 0) === 0 && !('$list' in value) ? { ...links } : { ...links, [name]: value };
  return {
    ...draft,
    linksBefore: draft.operation === 'create' ? {} : put(draft.linksBefore, change.before),
    linksAfter: draft.operation === 'delete' ? {} : put(draft.linksAfter, change.after),
  };
}
