import { isDeepStrictEqual } from 'node:util';
import {
  type Collection,
  type EntityClass,
  type EntityMetadata,
  type EntityProperty,
  type EventArgs,
  type EventSubscriber,
  helper,
  ReferenceKind,
  type UnitOfWork,
  Utils,
} from '@mikro-orm/core';
import type { TransactionScopes } from './transaction-scopes.js';

/** Name of an owning to-one relation, and the key it has. */
type Pointer = readonly [string, unknown];

/**
 * Knows which of MikroORM's snapshots show what is stored: those of entities that were loaded, and those that a
 * captured flush has moved forward. The snapshot of an entity that was merged (`em.merge`, `em.map`, a detached graph)
 * shows what the caller claims; MikroORM does not take a snapshot back when a transaction or a savepoint is rolled
 * back; and it does not learn what the database does by foreign key rules. The values before a change of such an
 * entity have to be read.
 */
export class SnapshotTrust implements EventSubscriber {
  /** Snapshots as they came into being with their entity, before a merge may have replaced them. */
  private readonly initial = new WeakSet<object>();
  /** First snapshots of entities that began as references; a load fills them in, a merge replaces them. */
  private readonly references = new WeakMap<object, object>();
  /** The transaction in which a snapshot was right; null where it was none. */
  private readonly trusted = new WeakMap<object, object | null>();
  private readonly wrong = new WeakSet<object>();
  /** What a trusted snapshot said about relations that have another side. */
  private readonly pointers = new WeakMap<object, readonly Pointer[]>();
  private readonly pointerNames = new WeakMap<EntityMetadata, readonly string[]>();
  /** The transaction that synchronized a collection, by its snapshot; null when the links were changed otherwise. */
  private readonly synchronized = new WeakMap<object, object | null>();

  constructor(
    private readonly auditedClasses: readonly EntityClass<object>[],
    private readonly transactions: Pick<TransactionScopes, 'holds'>,
  ) {}

  /** Keeps loads of other entities free of cost. */
  getSubscribedEntities(): EntityClass<object>[] {
    return [...this.auditedClasses];
  }

  onInit({ entity }: EventArgs<object>): void {
    const { __originalEntityData: snapshot, __initialized: isLoaded } = helper(entity);
    if (!snapshot) {
      return;
    }
    if (!isLoaded) {
      this.references.set(entity, snapshot);
    } else if ((this.references.get(entity) ?? snapshot) === snapshot) {
      this.initial.add(snapshot);
    }
  }

  /** MikroORM tells it of merged entities too, with the next load. */
  onLoad({ entity, em }: EventArgs<object>): void {
    const snapshot = helper(entity).__originalEntityData;
    if (snapshot && this.initial.has(snapshot) && !this.holdsClaim(entity, snapshot)) {
      this.trust(entity, em.getTransactionContext<object>());
    }
  }

  /** Merging the inverse side of a relation puts its claim into the snapshot of the owning side, if that is a reference. */
  private holdsClaim(entity: object, snapshot: object): boolean {
    return (
      this.references.has(entity) &&
      helper(entity)
        .__meta.relations.filter(isPointer)
        .some(({ name, targetMeta }) => {
          const key = (snapshot as Record<string, unknown>)[name];
          const other =
            targetMeta &&
            helper(entity)
              .__em?.getUnitOfWork(false)
              .getById(targetMeta.class, key as never, undefined, true);
          return other !== undefined && this.isClaimed(other);
        })
    );
  }

  private isClaimed(entity: object): boolean {
    const { __originalEntityData: snapshot, __initialized: isLoaded } = helper(entity);
    return (
      isLoaded &&
      snapshot !== undefined &&
      this.auditedClasses.some((audited) => entity instanceof audited) &&
      !(this.initial.has(snapshot) || this.trusted.has(snapshot))
    );
  }

  /**
   * @param snapshot undefined for an entity that MikroORM does not manage
   * @param transaction the one in which it is asked; undefined outside any
   */
  isTrusted(snapshot: object | undefined, transaction: object | undefined): boolean {
    const seenIn = snapshot && !this.isWrong(snapshot) ? this.trusted.get(snapshot) : undefined;
    return seenIn === null || (seenIn !== undefined && this.transactions.holds(seenIn, transaction));
  }

  /** The present snapshot of the entity shows what is stored, as the transaction sees it. */
  trust(entity: object, transaction: object | undefined): void {
    const snapshot = helper(entity).__originalEntityData;
    if (snapshot) {
      this.trusted.set(snapshot, transaction ?? null);
      this.notePointers(snapshot, helper(entity).__meta);
    }
  }

  /** Something else than the unit of work has changed the row. */
  distrust(entity: object): void {
    const snapshot = helper(entity).__originalEntityData;
    if (snapshot) {
      this.wrong.add(snapshot);
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
  isTrustedCollection(collection: Collection<object>, transaction: object | undefined): boolean {
    const snapshot = collection.getSnapshot();
    const synchronizedIn = snapshot && this.synchronized.get(snapshot);
    if (snapshot === undefined || synchronizedIn === null) {
      return false;
    }
    return synchronizedIn === undefined || this.transactions.holds(synchronizedIn, transaction);
  }

  /** The transaction has written the links of the collection; MikroORM has moved the other side along. */
  noteSynchronized(collection: Collection<object>, transaction: object): void {
    this.note(collection, transaction);
    const otherSide = collection.property.inversedBy ?? collection.property.mappedBy;
    for (const member of otherSide ? collection.getItems(false) : []) {
      this.note((member as Record<string, unknown>)[otherSide as string], transaction);
    }
  }

  /** Something else than the unit of work has changed links of the collection; other values are passed over. */
  distrustCollection(collection: unknown): void {
    this.note(collection, null);
  }

  /** Whatever a collection has loaded or written meanwhile may be undone. */
  distrustCollections(unitOfWork: UnitOfWork): void {
    for (const entity of unitOfWork.getIdentityMap()) {
      for (const { name, kind } of helper(entity).__meta.relations) {
        if (kind === ReferenceKind.MANY_TO_MANY) {
          this.distrustCollection((entity as Record<string, unknown>)[name]);
        }
      }
    }
  }

  private notePointers(snapshot: object, meta: EntityMetadata): void {
    const names = this.pointerNames.get(meta) ?? meta.relations.filter(isPointer).map(({ name }) => name);
    this.pointerNames.set(meta, names);
    if (names.length > 0) {
      const values = names.map((name): Pointer => [name, (snapshot as Record<string, unknown>)[name]]);
      this.pointers.set(snapshot, values);
    }
  }

  /** Also when merging the other side of a relation has put its claim into a snapshot that was right. */
  private isWrong(snapshot: object): boolean {
    return (
      this.wrong.has(snapshot) ||
      (this.pointers.get(snapshot) ?? []).some(
        ([name, value]) => !isDeepStrictEqual((snapshot as Record<string, unknown>)[name], value),
      )
    );
  }

  private note(collection: unknown, transaction: object | null): void {
    const snapshot = Utils.isCollection<object>(collection) ? collection.getSnapshot() : undefined;
    if (snapshot) {
      this.synchronized.set(snapshot, transaction);
    }
  }
}

/** MikroORM keeps the snapshot of such a property in step with what the other side is said to be. */
function isPointer({ kind, inversedBy }: EntityProperty): boolean {
  return (
    inversedBy !== undefined && (kind === ReferenceKind.ONE_TO_ONE || kind === ReferenceKind.MANY_TO_ONE)
  );
}
