import { type ChangeSet, type EntityManager, type EntityMetadata, type UnitOfWork } from '@mikro-orm/core';
import type { EntityCodec } from '../serialize/entity-codec.js';
import { BeforeImages } from './before-images.js';
import type { CaptureEnvironment } from './capture-environment.js';
import { CascadeCapture, type OwnChange } from './cascade-capture.js';
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

/**
 * What a flush is about to write, taken down before its first statement: the unit of work forgets the values of
 * removed entities and the members of collections while the statements run, and does not list some change sets at all.
 */
export class FlushInventory {
  readonly images: BeforeImages;
  readonly links: LinkCapture;
  readonly cascades: CascadeCapture;
  /** Name of the first audited entity, for error messages; undefined when the flush touches none. */
  firstType: string | undefined;
  private readonly subjects = new Map<object, FlushSubject>();
  /** Change sets that consist only of extra updates (unique and one-to-one columns); MikroORM does not list them. */
  private readonly hidden = new Set<ChangeSet<object>>();

  /** @param seen extra updates of flushes that are over; MikroORM keeps them while further flushes are queued */
  constructor(
    private readonly em: EntityManager,
    private readonly unitOfWork: UnitOfWork,
    private readonly environment: CaptureEnvironment,
    seen: WeakSet<object>,
  ) {
    this.images = new BeforeImages(environment);
    this.links = new LinkCapture(environment, em.getMetadata());
    this.cascades = new CascadeCapture(environment);
    this.noteChangeSets(seen);
    this.noteCollections();
  }

  /** True when the flush touches nothing audited. */
  get isEmpty(): boolean {
    return this.firstType === undefined && !this.cascades.isNeeded && this.links.isEmpty;
  }

  /** As they are now: other subscribers may add to them until the statements run. */
  changeSets(): readonly ChangeSet<object>[] {
    const listed = this.unitOfWork.getChangeSets() as ChangeSet<object>[];
    return [...new Set([...listed, ...this.hidden])];
  }

  /** Undefined for a change set that was added later. */
  subjectOf(entity: object): FlushSubject | undefined {
    return this.subjects.get(entity);
  }

  /** Whether a change set was executed as an extra update, under another change set. */
  isHidden(changeSet: ChangeSet<object>): boolean {
    return this.hidden.has(changeSet);
  }

  /** A change set that another subscriber added after `begin`: its values before are those the entity still has. */
  lateSubject(changeSet: ChangeSet<object>): FlushSubject | undefined {
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

  ownChange(): OwnChange {
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
}

function changesKey(changeSet: ChangeSet<object>, meta: EntityMetadata): boolean {
  return !isCreate(changeSet) && meta.primaryKeys.some((name) => name in changeSet.payload);
}
