import type { EntityManager, UnitOfWork } from '@mikro-orm/core';
import type { EntityPolicy } from '../policy/entity-policy.js';
import type { EntityCodec } from '../serialize/entity/entity-codec.js';
import { changedNames } from './believe/row-changes.js';
import type { CaptureEnvironment } from './capture-environment.js';
import { LinkPlan } from './links/link-plan.js';
import { WatchList } from './look/watch-list.js';
import type { WrittenSubject } from './look/watched-rows.js';
import { AuditPostgreSqlDriver } from './orm/audit-driver.js';
import { type AnyChangeSet, FlushChangeSets, isCreate, isDelete, payloadOf } from './orm/change-set-facts.js';
import { type Classes, type ClassFacts, codecOfReference, mayBeAmended } from './orm/class-facts.js';
import { type DirtyCollection, dirtyCollections } from './orm/collection-facts.js';
import { keyOf, metaOf, snapshotOf } from './orm/entity-facts.js';
import { isManaged, isTwin } from './orm/identity-map.js';
import { linkRowsOf } from './orm/link-table.js';
import type { RowKey } from './orm/row-key.js';
import { changesKey, type Subject, sentKey, subjectOf } from './subject/subject.js';

/** An update that gives a row another key. */
export interface KeyChange {
  readonly before: RowKey;
  readonly changeSet: AnyChangeSet;
  readonly facts: ClassFacts;
}

/**
 * Everything that a flush is about to write, taken down before its first statement: the unit of work forgets the values
 * of removed entities and the members of collections while the statements run, and does not list some change sets at all.
 */
export class FlushWork {
  readonly changeSets: FlushChangeSets;
  readonly links: LinkPlan;
  readonly watchList: WatchList;
  readonly keyChanges: KeyChange[] = [];
  private firstType: string | undefined;
  private readonly subjects = new Map<object, Subject>();
  /** The subjects whose rows are read before the flush. */
  readonly wanted = new Set<Subject>();
  private readonly transaction: object | undefined;

  constructor(
    readonly em: EntityManager,
    readonly unitOfWork: UnitOfWork,
    readonly environment: CaptureEnvironment,
    seen: WeakSet<object>,
  ) {
    const { schemas, snapshots } = environment;
    this.transaction = em.getTransactionContext<object>();
    this.changeSets = new FlushChangeSets(unitOfWork, seen);
    this.links = new LinkPlan(em, schemas, snapshots);
    this.watchList = new WatchList(schemas.from(em).foreignKeys);
    for (const changeSet of this.changeSets.all()) {
      this.note(changeSet, this.factsOf(changeSet));
    }
    for (const collection of dirtyCollections(unitOfWork, em)) {
      this.links.addCollection(collection);
      this.watchList.addCollection(collection);
      this.noteLinkRows(collection);
    }
    if (!this.watchList.isEmpty) {
      this.noteWatched();
    }
  }

  /** Null where the driver does not know which rows a statement has hit. */
  get driver(): AuditPostgreSqlDriver | null {
    const driver = this.em.getDriver();
    return driver instanceof AuditPostgreSqlDriver ? driver : null;
  }

  get isEmpty(): boolean {
    return this.firstType === undefined && this.watchList.isEmpty && this.links.isEmpty;
  }

  get entityType(): string {
    return this.firstType ?? 'an entity that audited ones depend on';
  }

  get isReading(): boolean {
    return this.wanted.size > 0 || !this.watchList.isEmpty || this.links.needsLook;
  }

  policies(): readonly EntityPolicy[] {
    const written = this.changeSets.all().filter((changeSet) => this.isRecorded(changeSet));
    return [...written.map(({ entity }) => entity), ...this.links.collectionOwners].flatMap(
      (entity) => this.classesOf(entity).policyOf(metaOf(entity)) ?? [],
    );
  }

  /** The entities that MikroORM believes to be stored as they are, once the flush has run. */
  entitiesOf(changeSets: readonly AnyChangeSet[]): readonly object[] {
    return [...changeSets.map(({ entity }) => entity), ...this.links.collectionOwners];
  }

  /** Undefined for an entity that the flush creates, or whose change set was added later. */
  subjectOf(entity: object): Subject | undefined {
    return this.subjects.get(entity);
  }

  factsOf({ entity, meta }: AnyChangeSet): ClassFacts {
    return this.classesOf(entity).of(meta, this.em);
  }

  private classesOf(entity: object): Classes {
    return this.environment.schemas.around(entity, this.em);
  }

  /** Whether the change of an entity is the difference of two looks at its row. */
  isWatched(changeSet: AnyChangeSet): boolean {
    return (
      !this.watchList.isEmpty &&
      this.watchList.covers(this.factsOf(changeSet).meta) &&
      (isCreate(changeSet) || this.subjects.has(changeSet.entity))
    );
  }

  /** The subjects of watched tables. */
  watchedSubjects(): readonly WrittenSubject[] {
    return this.changeSets.all().flatMap((changeSet) => {
      const subject = this.subjects.get(changeSet.entity);
      const names = this.sentNames(changeSet);
      return subject && this.watchList.covers(subject.facts.meta) ? [{ subject, names }] : [];
    });
  }

  private sentNames(changeSet: AnyChangeSet): readonly string[] {
    return [...Object.keys(payloadOf(changeSet)), ...this.changeSets.postponedNames(changeSet)];
  }

  private note(changeSet: AnyChangeSet, facts: ClassFacts): void {
    const { entity } = changeSet;
    const codec = facts.codec ?? codecOfReference(entity, facts);
    // Rows that depend on a deleted row are read before; until it is deleted nobody may add to them.
    let hasDependents = false;
    if (isDelete(changeSet)) {
      const key = sentKey(changeSet, facts, this.em);
      this.watchList.addDeletion(facts, key);
      const hasLinks = this.links.addDeletion(facts, key, entity);
      hasDependents = hasLinks || facts.deleteRules.length > 0;
    } else if (changesKey(changeSet, facts)) {
      const before = sentKey(changeSet, facts, this.em);
      this.keyChanges.push({ before, changeSet, facts });
      this.watchList.addKeyChange(facts, before);
      this.links.addKeyChange(facts, before, entity);
    } else if (!isCreate(changeSet) && facts.keyRules.length > 0) {
      this.watchList.addTargetChange(facts, this.sentNames(changeSet), () =>
        sentKey(changeSet, facts, this.em),
      );
    }
    this.noteLinkRow(changeSet, facts);
    if (!codec) {
      return;
    }
    this.firstType ??= codec.policy.entityType;
    if (codec.policy.exact) {
      this.watchList.addTable(facts.meta);
    }
    if (!isCreate(changeSet)) {
      this.noteSubject(changeSet, facts, codec, hasDependents);
    }
  }

  /** The row of a link: written by an entity of its own, it makes, takes or moves the link. */
  private noteLinkRow(changeSet: AnyChangeSet, facts: ClassFacts): void {
    const { entity, originalEntity } = changeSet;
    const names = facts.linkRows.flatMap(({ owner, target }) => [owner.name, target.name]);
    const isUpdate = !isCreate(changeSet) && !isDelete(changeSet);
    if (names.length > 0 && !(isUpdate && names.every((name) => !(name in payloadOf(changeSet))))) {
      const isNew = isCreate(changeSet);
      this.links.addLinkRow(
        facts,
        entity,
        isNew ? {} : (originalEntity ?? snapshotOf(entity) ?? keyOf(entity)),
      );
    }
  }

  /** Links whose rows have an audited class: MikroORM writes them with statements that no change set shows. */
  private noteLinkRows({ owner, prop, owning }: DirtyCollection): void {
    const rows = owning.pivotEntity ? linkRowsOf(owning, this.em.getMetadata()) : undefined;
    const codec = rows && this.classesOf(owner).codecs.find(rows.meta);
    if (codec) {
      this.watchList.addLinkRows({ codec, owner, reference: prop.owner ? rows.owner : rows.target });
    }
  }

  private noteSubject(
    changeSet: AnyChangeSet,
    facts: ClassFacts,
    codec: EntityCodec,
    hasDependents: boolean,
  ): void {
    const { entity, originalEntity } = changeSet;
    const { snapshots, known } = this.environment;
    const snapshot = originalEntity ?? snapshotOf(entity);
    // After em.clear() a graph may bring an entity back, with a snapshot that nobody has kept up to date.
    const isHeld = isManaged(this.unitOfWork, entity);
    const isTrusted = isHeld && snapshots.isTrusted(entity, codec, snapshot, this.transaction);
    const subject = subjectOf(changeSet, facts, {
      codec,
      subclasses: facts.subclasses,
      snapshot,
      isTrusted,
    });
    this.subjects.set(entity, subject);
    if ((!isHeld && isTwin(this.unitOfWork, entity)) || this.changeSets.isRepeated(entity)) {
      this.watchList.addTable(facts.meta);
    }
    if (hasDependents || !known.covers(subject, this.namesOf(changeSet, subject))) {
      this.wanted.add(subject);
    }
  }

  /** The properties whose values before the change are recorded. */
  private namesOf(changeSet: AnyChangeSet, subject: Subject): readonly string[] {
    const { codec, facts } = subject;
    if (subject.isDelete || mayBeAmended(facts, this.em)) {
      return codec.names;
    }
    const names = Object.keys(payloadOf(changeSet));
    const postponed = this.changeSets.postponedNames(changeSet);
    return facts.managedNames.length + postponed.length === 0
      ? names
      : [...names, ...facts.managedNames, ...postponed];
  }

  /** Rows of watched tables are read, whatever is known of them. */
  private noteWatched(): void {
    for (const subject of this.subjects.values()) {
      if (this.watchList.covers(subject.facts.meta)) {
        this.wanted.add(subject);
      }
    }
  }

  /** False for an update of nothing but ignored properties. */
  private isRecorded(changeSet: AnyChangeSet): boolean {
    const { codec } = this.classesOf(changeSet.entity).of(metaOf(changeSet.entity), this.em);
    const isUpdate = !isCreate(changeSet) && !isDelete(changeSet);
    return !codec || !isUpdate || codec.policy.exact || changedNames(codec, payloadOf(changeSet)).length > 0;
  }
}
