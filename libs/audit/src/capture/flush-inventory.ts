import { type ChangeSet, ChangeSetType, type EntityManager, helper, type UnitOfWork } from '@mikro-orm/core';
import type { EntityCodec } from '../serialize/entity/entity-codec.js';
import { type OwnChange, ownChangeIn, rowName } from './affected-row.js';
import { BeforeImages } from './before-images.js';
import type { CaptureEnvironment } from './capture-environment.js';
import { CascadeCapture } from './cascade-capture.js';
import { type ChangedClass, ChangedClasses } from './changed-classes.js';
import type { PointingWrite } from './doomed-writes.js';
import {
  changesKey,
  type FlushSubject,
  isCreate,
  isDelete,
  keyColumns,
  lateSubjectOf,
  payloadOf,
  subjectOf,
} from './flush-subject.js';
import { LinkCapture } from './link-capture.js';
import { dirtyCollections, keyValues } from './link-changes.js';
import { pointingWrites } from './pointing-writes.js';

const NO_NAMES: readonly string[] = [];

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
  /** Of the rows for which two entities stand, those that are not in the identity map. */
  private readonly twins: FlushSubject[] = [];
  private readonly classes: ChangedClasses;
  private readonly transaction: object | undefined;
  private readonly subjects = new Map<object, FlushSubject>();
  /** Change sets that consist only of extra updates (unique and one-to-one columns); MikroORM does not list them. */
  private readonly hidden = new Set<ChangeSet<object>>();

  /** @param seen extra updates of flushes that are over; MikroORM keeps them while further flushes are queued */
  constructor(
    private readonly em: EntityManager,
    readonly unitOfWork: UnitOfWork,
    private readonly environment: CaptureEnvironment,
    seen: WeakSet<object>,
  ) {
    this.transaction = em.getTransactionContext<object>();
    this.classes = new ChangedClasses(em, environment.codecs);
    this.images = new BeforeImages(environment);
    this.links = new LinkCapture(environment, em);
    this.cascades = new CascadeCapture(environment);
    this.noteChangeSets(seen);
    this.noteCollections();
    for (const write of this.cascades.isNeeded ? this.pointingWrites() : []) {
      this.cascades.addWrite(write);
    }
  }

  /** True when the flush touches nothing audited. */
  get isEmpty(): boolean {
    return this.firstType === undefined && !this.cascades.isNeeded && this.links.isEmpty;
  }

  /** Names of the rows for which two entities stand; ask when the classes of the rows are known. */
  get twinRows(): ReadonlySet<string> {
    return new Set(this.twins.map((subject) => this.rowNameOf(subject)));
  }

  /** As they are now: other subscribers may add to them until the statements run. */
  changeSets(): readonly ChangeSet<object>[] {
    const listed = this.unitOfWork.getChangeSets() as ChangeSet<object>[];
    return this.hidden.size === 0 ? listed : [...new Set([...listed, ...this.hidden])];
  }

  /** Undefined for a change set that was added later. */
  noted(entity: object): FlushSubject | undefined {
    return this.subjects.get(entity);
  }

  /** Whether its snapshot shows what is stored, when the flush is over as well. */
  isKnown(changeSet: ChangeSet<object>): boolean {
    const subject = this.subjects.get(changeSet.entity);
    const isTwin = this.twins.length > 0 && subject && this.twinRows.has(this.rowNameOf(subject));
    return isCreate(changeSet) || (subject?.isTrusted === true && !isTwin);
  }

  /** Whether a change set was executed as an extra update, under another change set. */
  isHidden(changeSet: ChangeSet<object>): boolean {
    return this.hidden.has(changeSet);
  }

  /** A change set that another subscriber added after `begin`: its values before are those the entity still has. */
  lateSubject(changeSet: ChangeSet<object>): FlushSubject | undefined {
    const { meta, codec } = this.classes.of(changeSet);
    const current = () => this.em.getComparator().prepareEntity(changeSet.entity);
    return codec && lateSubjectOf(changeSet, meta, codec, changeSet.originalEntity ?? current());
  }

  /** The database has changed rows and links that the unit of work believes to know. */
  distrustAffected(): void {
    const { snapshots } = this.environment;
    for (const { codec, row } of this.cascades.changedRows) {
      const { meta } = codec.policy;
      const entity = this.unitOfWork.getById(meta.class, keyColumns(meta, row) as never, undefined, true);
      if (entity) {
        snapshots.distrust(entity);
      }
    }
    for (const entity of [...this.cascades.lostEntities, ...this.cascades.detachedEntities]) {
      snapshots.distrust(entity);
    }
    this.links.distrustAffected(this.unitOfWork);
  }

  /** Notes the links that only the classes of the rows have; ask when these are known. */
  noteSubclassLinks(): void {
    for (const changeSet of this.images.hasSubclasses ? this.changeSets().filter(isDelete) : []) {
      const subject = this.subjects.get(changeSet.entity);
      const codec = subject && this.images.codecOf(subject);
      if (codec && codec.policy.meta.class !== changeSet.meta.class) {
        const { entity, type } = changeSet;
        const isEarly = type === ChangeSetType.DELETE_EARLY;
        this.links.addDeletion(codec.policy.meta, keyValues(entity), isEarly, entity);
      }
    }
  }

  ownChange(): OwnChange {
    return ownChangeIn(
      this.changeSets().flatMap((changeSet) => {
        const subject = this.subjects.get(changeSet.entity);
        return subject ? [[this.rowNameOf(subject), changeSet]] : [];
      }),
    );
  }

  private noteChangeSets(seen: WeakSet<object>): void {
    const changeSets = this.unitOfWork.getChangeSets() as ChangeSet<object>[];
    const postponed = new Map<ChangeSet<object>, readonly string[]>();
    const listed = this.unitOfWork.getExtraUpdates().size === 0 ? null : new Set(changeSets);
    for (const extra of this.unitOfWork.getExtraUpdates()) {
      const changeSet = extra[3] as ChangeSet<object> | undefined;
      if (changeSet && !seen.has(extra)) {
        seen.add(extra);
        postponed.set(changeSet, [...(postponed.get(changeSet) ?? []), extra[1]].flat());
        if (!listed?.has(changeSet)) {
          this.hidden.add(changeSet);
        }
      }
    }
    for (const changeSet of this.changeSets()) {
      this.noteChangeSet(changeSet, postponed.get(changeSet) ?? NO_NAMES);
    }
  }

  private noteChangeSet(changeSet: ChangeSet<object>, postponed: readonly string[]): void {
    const changed = this.classes.of(changeSet);
    const { meta } = changed;
    const codec = changed.codec ?? this.codecOfReference(changeSet.entity, changed);
    // What depends on a row is read before the row is deleted; until then nobody may add to it.
    let hasDependents = false;
    if (isDelete(changeSet)) {
      const isEarly = changeSet.type === ChangeSetType.DELETE_EARLY;
      const key = keyValues(changeSet.entity);
      const mayHaveChildren = this.cascades.addDeletion(meta, key, changeSet.entity, isEarly);
      const mayHaveLinks = this.links.addDeletion(meta, key, isEarly, changeSet.entity);
      hasDependents = mayHaveChildren || mayHaveLinks;
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
      const managed = this.unitOfWork.getIdentityMap().getByEntity(changeSet.entity);
      const subject = this.noteSubject(changeSet, codec, changed);
      if (managed !== undefined && managed !== changeSet.entity) {
        this.twins.push(subject);
      }
      const names =
        subject.isDelete || changed.mayBeAmended
          ? codec.names
          : joined(Object.keys(payloadOf(changeSet)), changed.managedNames, postponed);
      this.images.want(subject, names, changeSet.schema, hasDependents);
    }
  }

  /** A reference of a class that is not audited may stand for a row of one that is and extends it. */
  private codecOfReference(entity: object, { subclasses }: ChangedClass): EntityCodec | undefined {
    return subclasses.length === 0 || helper(entity).isInitialized() ? undefined : subclasses[0];
  }

  private rowNameOf(subject: FlushSubject): string {
    return rowName(this.images.codecOf(subject), subject.codec.entityId(subject.original, 'unit-of-work'));
  }

  private pointingWrites(): Iterable<PointingWrite> {
    return pointingWrites(this.changeSets(), this.unitOfWork.getExtraUpdates(), {
      codecOf: (changeSet) => this.classes.of(changeSet).codec,
      originalOf: (entity) => this.subjects.get(entity)?.original ?? null,
      rulesOf: (codec) => this.cascades.pointerRules(codec),
    });
  }

  private noteSubject(
    changeSet: ChangeSet<object>,
    codec: EntityCodec,
    { meta, subclasses }: ChangedClass,
  ): FlushSubject {
    const { entity } = changeSet;
    const snapshot = changeSet.originalEntity ?? this.unitOfWork.getOriginalEntityData(entity);
    const isBelieved = this.environment.snapshots.isTrusted(entity, snapshot, this.transaction);
    const subject = subjectOf(changeSet, meta, { codec, snapshot, isBelieved, subclasses });
    this.subjects.set(entity, subject);
    return subject;
  }

  private noteCollections(): void {
    for (const collection of dirtyCollections(this.unitOfWork, this.em.getMetadata())) {
      this.links.addCollection(collection);
      this.cascades.addCollection(collection);
    }
  }
}

/** Most updates have none of the further names. */
function joined(
  names: readonly string[],
  managed: readonly string[],
  postponed: readonly string[],
): readonly string[] {
  return managed.length + postponed.length === 0 ? names : [...names, ...managed, ...postponed];
}
