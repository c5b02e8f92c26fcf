import {
  type ChangeSet,
  ChangeSetType,
  type EntityManager,
  type EntityMetadata,
  type UnitOfWork,
} from '@mikro-orm/core';
import type { ChangeRecord } from '../model/change-record.js';
import type { EntityCodec } from '../serialize/entity-codec.js';
import { BeforeImages } from './before-images.js';
import type { CaptureEnvironment } from './capture-environment.js';
import { CascadeCapture, type OwnChange } from './cascade-capture.js';
import { ChangeDrafter } from './change-drafter.js';
import { resolveDrafts } from './draft-resolver.js';
import {
  type FlushSubject,
  isCreate,
  isDelete,
  keyColumns,
  keyOf,
  payloadOf,
  withManagedValues,
} from './flush-subject.js';
import { LinkCapture } from './link-capture.js';
import { dirtyCollections, keyValues } from './link-changes.js';
import { PendingLinks } from './pending-links.js';
import type { RowDraft } from './row-draft.js';
import { StateReader } from './state-reader.js';

/** Changes that are in the making at a time; each chunk with values that only the database knows costs a read. */
const CHUNK_SIZE = 5_000;

/**
 * What one flush is about to do to audited entities. Begun before the first statement, when MikroORM still has what
 * its statements will make it forget; finished after the last, when keys and returned values are known.
 */
export class FlushCapture {
  private readonly subjects = new Map<object, FlushSubject>();
  /** Change sets that consist only of extra updates (unique and one-to-one columns); MikroORM does not list them. */
  private readonly hidden = new Set<ChangeSet<object>>();
  private readonly images: BeforeImages;
  private readonly links: LinkCapture;
  private readonly cascades: CascadeCapture;
  /** Class name of the first audited entity, for error messages; undefined when the flush touches none. */
  private firstType: string | undefined;

  private constructor(
    private readonly em: EntityManager,
    private readonly unitOfWork: UnitOfWork,
    private readonly environment: CaptureEnvironment,
  ) {
    this.images = new BeforeImages(environment);
    this.links = new LinkCapture(environment, em.getMetadata());
    this.cascades = new CascadeCapture(environment);
  }

  /**
   * @param seen extra updates of flushes that are over; MikroORM keeps them while further flushes are queued
   * @returns null when the flush touches nothing audited
   */
  static begin(
    em: EntityManager,
    unitOfWork: UnitOfWork,
    environment: CaptureEnvironment,
    seen: WeakSet<object>,
  ): FlushCapture | null {
    const capture = new FlushCapture(em, unitOfWork, environment);
    capture.noteChangeSets(seen);
    capture.noteCollections();
    return capture.firstType === undefined && !capture.cascades.isNeeded && capture.links.isEmpty
      ? null
      : capture;
  }

  get entityType(): string {
    return this.firstType ?? 'an entity that audited ones depend on';
  }

  /** The entities whose snapshots MikroORM moves forward with this flush. */
  get entities(): readonly object[] {
    return [...this.changeSets().map((changeSet) => changeSet.entity), ...this.links.collectionOwners];
  }

  get needsReading(): boolean {
    return this.images.isNeeded || this.links.isReadNeeded || this.cascades.isNeeded;
  }

  /** Reads what is not known, before the first statement, in the transaction of the flush. */
  async read(transaction: unknown): Promise<void> {
    const reader = new StateReader(this.em, transaction);
    await this.images.read(reader);
    await this.cascades.read(reader, this.em.schema);
    for (const { codec, row } of this.cascades.deletedRows) {
      const { meta } = codec.policy;
      this.links.addDeletion(meta, keyColumns(meta, row));
    }
    await this.links.read(reader);
  }

  /** The changes that the statements of the flush have made, in their order, in chunks of bounded size. */
  async *finish(transaction: unknown): AsyncGenerator<readonly ChangeRecord[]> {
    const reader = new StateReader(this.em, transaction);
    const links = new PendingLinks(this.links.changes(), this.environment.codecs);
    let chunk: RowDraft[] = [];
    for (const draft of this.drafts()) {
      chunk.push(links.takeInto(draft));
      if (chunk.length === CHUNK_SIZE) {
        yield resolveDrafts(chunk, this.environment, reader);
        chunk = [];
      }
    }
    yield resolveDrafts([...chunk, ...links.rest()], this.environment, reader);
    this.moveTrust();
  }

  private *drafts(): Generator<RowDraft> {
    const drafter = new ChangeDrafter(this.environment, this.images, (changeSet) =>
      this.lateSubject(changeSet),
    );
    const changeSets = this.changeSets();
    // Early deletes make room for a row that is created again, the other deletes come last.
    const early = changeSets.filter(({ type }) => type === ChangeSetType.DELETE_EARLY);
    const late = changeSets.filter(({ type }) => type === ChangeSetType.DELETE);
    yield* this.draftsOf([...early, ...changeSets.filter((changeSet) => !isDelete(changeSet))], drafter);
    yield* this.cascades.drafts(this.ownChange());
    yield* this.draftsOf(late, drafter);
  }

  private *draftsOf(changeSets: readonly ChangeSet<object>[], drafter: ChangeDrafter): Generator<RowDraft> {
    for (const changeSet of changeSets) {
      const codec = this.environment.codecs.find(changeSet.meta);
      const subject = this.subjects.get(changeSet.entity);
      const draft = codec && drafter.draft(changeSet, codec, subject, this.hidden.has(changeSet));
      if (draft) {
        yield draft;
      }
    }
  }

  /** The flush has replaced the snapshots of what it wrote; those of removed entities are gone. */
  private moveTrust(): void {
    for (const changeSet of this.changeSets()) {
      if (isCreate(changeSet) || this.subjects.get(changeSet.entity)?.isTrusted) {
        this.environment.snapshots.trust(changeSet.entity);
      }
    }
  }

  private changeSets(): readonly ChangeSet<object>[] {
    const listed = this.unitOfWork.getChangeSets() as ChangeSet<object>[];
    return [...new Set([...listed, ...this.hidden])];
  }

  private noteChangeSets(seen: WeakSet<object>): void {
    const listed = new Set(this.unitOfWork.getChangeSets() as ChangeSet<object>[]);
    const postponed = new Map<ChangeSet<object>, readonly string[]>();
    for (const extra of this.unitOfWork.getExtraUpdates()) {
      const changeSet = extra[3] as ChangeSet<object> | undefined;
      if (changeSet && !seen.has(extra)) {
        seen.add(extra);
        postponed.set(changeSet, [...(postponed.get(changeSet) ?? []), extra[1]].flat());
        if (!listed.has(changeSet)) {
          this.hidden.add(changeSet);
        }
      }
    }
    for (const changeSet of [...listed, ...this.hidden]) {
      this.noteChangeSet(changeSet, postponed.get(changeSet) ?? []);
    }
  }

  private noteChangeSet(changeSet: ChangeSet<object>, postponed: readonly string[]): void {
    const meta = this.metaOf(changeSet);
    const codec = this.environment.codecs.find(meta);
    if (isDelete(changeSet)) {
      this.cascades.addDeletion(meta, keyValues(changeSet.entity));
      this.links.addDeletion(meta, keyValues(changeSet.entity), changeSet.entity);
    }
    if (changesKey(changeSet, meta)) {
      const key = keyColumns(meta, changeSet.originalEntity ?? {});
      const newKey = () => keyValues(changeSet.entity);
      this.cascades.addKeyChange(meta, key, newKey);
      this.links.addKeyChange(meta, key, newKey);
    }
    if (!codec) {
      return;
    }
    this.firstType ??= codec.policy.entityType;
    if (!isCreate(changeSet)) {
      const subject = this.noteSubject(changeSet, codec, meta);
      const names =
        subject.isDelete || this.mayBeAmended(meta)
          ? codec.properties.keys()
          : Object.keys(payloadOf(changeSet));
      this.images.want(subject, [...names, ...postponed], changeSet.schema);
    }
  }

  private noteSubject(changeSet: ChangeSet<object>, codec: EntityCodec, meta: EntityMetadata): FlushSubject {
    const { entity } = changeSet;
    const snapshot = changeSet.originalEntity ?? this.unitOfWork.getOriginalEntityData(entity);
    const original = withManagedValues(entity, meta, { ...keyOf(entity, meta), ...snapshot });
    const isTrusted = this.environment.snapshots.isTrusted(snapshot);
    const locksKey = isDelete(changeSet) || changesKey(changeSet, meta);
    const subject = { entity, codec, original, isDelete: isDelete(changeSet), locksKey, isTrusted };
    this.subjects.set(entity, subject);
    return subject;
  }

  /** Hooks may change properties after this moment, also such as the unit of work has never loaded. */
  private mayBeAmended(meta: EntityMetadata): boolean {
    return (
      this.em.getEventManager().hasListeners('beforeUpdate' as never, meta as never) ||
      meta.props.some((prop) => prop.onUpdate !== undefined)
    );
  }

  /** A change set may carry the metadata of another MikroORM instance that has the same class. */
  private metaOf(changeSet: ChangeSet<object>): EntityMetadata {
    return this.em.getMetadata().get(changeSet.meta.class) as unknown as EntityMetadata;
  }

  private noteCollections(): void {
    for (const collection of dirtyCollections(this.unitOfWork, this.em.getMetadata())) {
      this.links.addCollection(collection);
      this.cascades.addCollection(collection);
    }
  }

  /** A change set that another subscriber added after `begin`: its values before are those the entity still has. */
  private lateSubject(changeSet: ChangeSet<object>): FlushSubject | undefined {
    const meta = this.metaOf(changeSet);
    const codec = this.environment.codecs.find(meta);
    const { entity } = changeSet;
    const original = changeSet.originalEntity ?? this.em.getComparator().prepareEntity(entity);
    return (
      codec && {
        entity,
        codec,
        original: { ...keyOf(entity, meta), ...original },
        isDelete: isDelete(changeSet),
        locksKey: isDelete(changeSet),
        isTrusted: false,
      }
    );
  }

  private ownChange(): OwnChange {
    const own = new Map<string, ChangeSet<object>>();
    for (const changeSet of this.changeSets()) {
      const subject = this.subjects.get(changeSet.entity);
      if (subject) {
        const id = subject.codec.entityId(subject.original, 'unit-of-work');
        own.set(JSON.stringify([subject.codec.policy.entityType, id]), changeSet);
      }
    }
    return (codec, entityId) => {
      const changeSet = own.get(JSON.stringify([codec.policy.entityType, entityId]));
      return changeSet && { isDelete: isDelete(changeSet), changes: (name) => name in payloadOf(changeSet) };
    };
  }
}

function changesKey(changeSet: ChangeSet<object>, meta: EntityMetadata): boolean {
  return !isCreate(changeSet) && meta.primaryKeys.some((name) => name in changeSet.payload);
}
