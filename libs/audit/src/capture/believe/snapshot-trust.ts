import {
  type Collection,
  type EntityClass,
  type EntityManager,
  type EntityProperty,
  type EventArgs,
  type EventSubscriber,
  ReferenceKind,
  type UnitOfWork,
} from '@mikro-orm/core';
import type { RowName } from '../../model/row-map.js';
import type { EntityCodec } from '../../serialize/entity/entity-codec.js';
import {
  type CollectionEnd,
  collectionOf,
  isOfOtherSchema,
  linkEnd,
  ownColumns,
} from '../orm/collection-facts.js';
import { type EntityValues, isLoaded, managerOf, metaOf, snapshotOf } from '../orm/entity-facts.js';
import { entityByKey } from '../orm/identity-map.js';
import { columnText, RowKey } from '../orm/row-key.js';
import { rowPlace, schemaAround } from '../orm/schema-facts.js';
import type { TransactionScopes } from '../transaction/transaction-scopes.js';
import { EntityKnowledge, type StoredAs } from './entity-knowledge.js';
import { FoundChanges } from './found-changes.js';

/** When a collection was seen to show the stored links. */
interface Synchronized {
  readonly transaction: object;
  readonly moment: number;
}

/**
 * Knows which of MikroORM's snapshots show what is stored: those of entities that were loaded, and those that a
 * captured flush has moved forward. The snapshot of an entity that was merged (`em.merge`, `em.map`, a detached graph)
 * shows what the caller claims; MikroORM does not take a snapshot back when a transaction or a savepoint is rolled
 * back; and it does not learn what the database does by foreign key rules, not even with the entities that other
 * EntityManagers have for the row. The values before a change of such an entity have to be read.
 */
export class SnapshotTrust implements EventSubscriber {
  /** By entity and not by snapshot, of which each flush makes another one: such a map grows and is copied all the time. */
  private readonly known = new WeakMap<object, EntityKnowledge>();
  /** The transaction that synchronized a collection, and when, by its snapshot; null when the links were changed otherwise. */
  private readonly synchronized = new WeakMap<object, Synchronized | null>();
  private readonly found = new FoundChanges();

  constructor(
    private readonly auditedClasses: readonly EntityClass<object>[],
    private readonly transactions: Pick<TransactionScopes, 'holds'>,
  ) {}

  /** Keeps loads of other entities free of cost. */
  getSubscribedEntities(): EntityClass<object>[] {
    return [...this.auditedClasses];
  }

  /**
   * Where an entity comes into being, and not in `onLoad`: MikroORM takes what a query populates as a reference (`books:ref`) for
   * loaded as soon as anybody listens to that. A merge replaces the snapshot afterwards.
   */
  onInit({ entity, em }: EventArgs<object>): void {
    const snapshot = snapshotOf(entity);
    if (!snapshot) {
      return;
    }
    const known = this.knowledgeOf(entity);
    if (!isLoaded(entity)) {
      known.reference = snapshot;
    } else if ((known.reference ?? snapshot) === snapshot) {
      known.initial = snapshot;
      if (!this.holdsClaim(entity, snapshot, em)) {
        this.trust(entity, em.getTransactionContext<object>());
      }
    }
  }

  /** Merging the inverse side of a relation puts its claim into the snapshot of the owning side, if that is a reference. */
  private holdsClaim(entity: object, snapshot: object, em: EntityManager): boolean {
    const unitOfWork = managerOf(entity)?.getUnitOfWork(false);
    return (
      this.known.get(entity)?.reference !== undefined &&
      metaOf(entity)
        .relations.filter(isPointer)
        .some(({ name, targetMeta }) => {
          const schema = targetMeta && rowPlace(targetMeta, schemaAround(entity, em), em).schema;
          const key = (snapshot as EntityValues)[name];
          const other = unitOfWork && targetMeta && entityByKey(unitOfWork, targetMeta, key, schema);
          return other !== undefined && this.isClaimed(other);
        })
    );
  }

  private isClaimed(entity: object): boolean {
    const snapshot = snapshotOf(entity);
    const known = this.known.get(entity);
    return (
      isLoaded(entity) &&
      snapshot !== undefined &&
      this.auditedClasses.some((audited) => entity instanceof audited) &&
      known?.initial !== snapshot &&
      known?.trusted !== snapshot
    );
  }

  /**
   * @param snapshot undefined when MikroORM does not manage the entity
   * @param transaction the one in which it is asked; undefined outside any
   */
  isTrusted(
    entity: object,
    codec: EntityCodec,
    snapshot: EntityValues | undefined,
    transaction: object | undefined,
  ): boolean {
    const known = this.known.get(entity);
    if (
      !known ||
      !snapshot ||
      !known.wasRight(snapshot) ||
      this.found.hasSince(known.seenAt, () => RowKey.of(codec, snapshot))
    ) {
      return false;
    }
    return known.seenIn === null || this.transactions.holds(known.seenIn, transaction);
  }

  /** Whether the trusted snapshot has got a value since it was right: it was loaded, or claimed by `em.create()`, and nobody can tell. */
  cameLater(entity: object, name: string): boolean {
    const snapshot = snapshotOf(entity);
    return snapshot !== undefined && name in snapshot && this.known.get(entity)?.hadValue(name) !== true;
  }

  /** The present snapshot of the entity shows what is stored, as the transaction sees it. */
  trust(entity: object, transaction: object | undefined): void {
    const snapshot = snapshotOf(entity);
    if (snapshot) {
      this.knowledgeOf(entity).trust(snapshot, transaction ?? null, this.found.now);
    }
  }

  /** A flush has found that a row, or the links at one end, have changed: who has seen them earlier is wrong. */
  noteFound(name: RowName): void {
    this.found.note(name);
  }

  /** Somebody has written past all units of work, and nobody knows which of them has loaded what was written. */
  noteFoundAll(): void {
    this.found.noteAll();
  }

  noteCreated(entity: object): void {
    this.knowledgeOf(entity).isCreated = true;
  }

  isCreated(entity: object): boolean {
    return this.known.get(entity)?.isCreated === true;
  }

  /** Values that the database stored otherwise than the entity's snapshot shows; undefined when there are none. */
  storedAs(entity: object): ReadonlyMap<string, StoredAs> | undefined {
    return this.known.get(entity)?.storedAs;
  }

  noteStoredAs(entity: object, name: string, value: StoredAs): void {
    const known = this.knowledgeOf(entity);
    known.storedAs ??= new Map();
    known.storedAs.set(name, value);
  }

  /** Something else than the unit of work has changed the row. */
  distrust(entity: object): void {
    const snapshot = snapshotOf(entity);
    if (snapshot) {
      this.knowledgeOf(entity).wrong = snapshot;
    }
  }

  /** A flush that was not captured has written some of it. */
  distrustAll(unitOfWork: UnitOfWork): void {
    for (const entity of unitOfWork.getIdentityMap()) {
      this.distrust(entity);
    }
    this.distrustCollections(unitOfWork);
  }

  /** Whether the members that a loaded collection had at its last synchronization are those that are stored. */
  isTrustedCollection(collection: Collection<object>, end: CollectionEnd, em: EntityManager): boolean {
    const transaction = em.getTransactionContext<object>();
    const snapshot = collection.getSnapshot();
    const synchronized = snapshot && this.synchronized.get(snapshot);
    if (snapshot === undefined || synchronized === null || isOfOtherSchema(end, em)) {
      return false;
    }
    const seenAt = synchronized?.moment ?? this.known.get(end.owner)?.since ?? 0;
    const name = () => linkEnd(end, end.prop.owner, columnText(ownColumns(end)), em);
    return (
      (synchronized === undefined || this.transactions.holds(synchronized.transaction, transaction)) &&
      !this.found.hasSince(seenAt, name)
    );
  }

  /** The transaction has written the links of the collection; MikroORM has moved the other side along. */
  noteSynchronized(collection: Collection<object>, transaction: object): void {
    this.note(collection, transaction);
    const otherSide = collection.property.inversedBy ?? collection.property.mappedBy;
    for (const member of otherSide ? collection.getItems(false) : []) {
      this.note(collectionOf(member, String(otherSide)), transaction);
    }
  }

  /** Something else than the unit of work has changed links of the collection. */
  distrustCollection(collection: Collection<object> | undefined): void {
    this.note(collection, null);
  }

  /** Loads and writes of a collection meanwhile may be undone. */
  distrustCollections(unitOfWork: UnitOfWork): void {
    for (const entity of unitOfWork.getIdentityMap()) {
      for (const { name, kind } of metaOf(entity).relations) {
        if (kind === ReferenceKind.MANY_TO_MANY) {
          this.distrustCollection(collectionOf(entity, name));
        }
      }
    }
  }

  private knowledgeOf(entity: object): EntityKnowledge {
    let known = this.known.get(entity);
    if (!known) {
      known = new EntityKnowledge(this.found.now);
      this.known.set(entity, known);
    }
    return known;
  }

  private note(collection: Collection<object> | undefined, transaction: object | null): void {
    const snapshot = collection?.getSnapshot();
    if (snapshot) {
      this.synchronized.set(snapshot, transaction && { transaction, moment: this.found.now });
    }
  }
}

/** MikroORM keeps the snapshot of such a property in step with what the other side is said to be. */
function isPointer({ kind, inversedBy }: EntityProperty): boolean {
  return (
    inversedBy !== undefined && (kind === ReferenceKind.ONE_TO_ONE || kind === ReferenceKind.MANY_TO_ONE)
  );
}
