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
import { EntityKnowledge, NO_POINTERS, type Pointer } from './entity-knowledge.js';
import type { TransactionScopes } from './transaction-scopes.js';

/**
 * Knows which of MikroORM's snapshots show what is stored: those of entities that were loaded, and those that a
 * captured flush has moved forward. The snapshot of an entity that was merged (`em.merge`, `em.map`, a detached graph)
 * shows what the caller claims; MikroORM does not take a snapshot back when a transaction or a savepoint is rolled
 * back; and it does not learn what the database does by foreign key rules. The values before a change of such an
 * entity have to be read.
 */
export class SnapshotTrust implements EventSubscriber {
  /** By entity and not by snapshot, of which each flush makes another one: such a map grows and is copied all the time. */
  private readonly known = new WeakMap<object, EntityKnowledge>();
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
    const known = this.knowledgeOf(entity);
    if (!isLoaded) {
      known.reference = snapshot;
    } else if ((known.reference ?? snapshot) === snapshot) {
      known.initial = snapshot;
    }
  }

  /** MikroORM tells it of merged entities too, with the next load. */
  onLoad({ entity, em }: EventArgs<object>): void {
    const snapshot = helper(entity).__originalEntityData;
    if (snapshot && this.known.get(entity)?.initial === snapshot && !this.holdsClaim(entity, snapshot)) {
      this.trust(entity, em.getTransactionContext<object>());
    }
  }

  /** Merging the inverse side of a relation puts its claim into the snapshot of the owning side, if that is a reference. */
  private holdsClaim(entity: object, snapshot: object): boolean {
    return (
      this.known.get(entity)?.reference !== undefined &&
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
    const known = this.known.get(entity);
    return (
      isLoaded &&
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
  isTrusted(entity: object, snapshot: object | undefined, transaction: object | undefined): boolean {
    const known = this.known.get(entity);
    if (!known || !snapshot || !known.wasRight(snapshot)) {
      return false;
    }
    return known.seenIn === null || this.transactions.holds(known.seenIn, transaction);
  }

  /** The present snapshot of the entity shows what is stored, as the transaction sees it. */
  trust(entity: object, transaction: object | undefined): void {
    const { __originalEntityData: snapshot, __meta: meta } = helper(entity);
    if (snapshot) {
      this.knowledgeOf(entity).trust(snapshot, transaction ?? null, this.pointersIn(snapshot, meta));
    }
  }

  noteCreated(entity: object): void {
    this.knowledgeOf(entity).isCreated = true;
  }

  isCreated(entity: object): boolean {
    return this.known.get(entity)?.isCreated === true;
  }

  /** Something else than the unit of work has changed the row. */
  distrust(entity: object): void {
    const snapshot = helper(entity).__originalEntityData;
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

  private knowledgeOf(entity: object): EntityKnowledge {
    let known = this.known.get(entity);
    if (!known) {
      known = new EntityKnowledge();
      this.known.set(entity, known);
    }
    return known;
  }

  private pointersIn(snapshot: object, meta: EntityMetadata): readonly Pointer[] {
    let names = this.pointerNames.get(meta);
    if (!names) {
      names = meta.relations.filter(isPointer).map(({ name }) => name);
      this.pointerNames.set(meta, names);
    }
    return names.length === 0
      ? NO_POINTERS
      : names.map((name): Pointer => [name, (snapshot as Record<string, unknown>)[name]]);
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
