import { type EntityClass, type EventArgs, type EventSubscriber, helper } from '@mikro-orm/core';

/**
 * Knows which of MikroORM's entity snapshots show what is stored: those of entities that were loaded, and those that
 * a captured flush has moved forward. The snapshot of an entity that was merged (`em.merge`, `em.map`, a detached
 * graph) shows what the caller claims, so its values before a change have to be read.
 */
export class SnapshotTrust implements EventSubscriber {
  private readonly trusted = new WeakSet<object>();

  constructor(private readonly auditedClasses: readonly EntityClass<object>[]) {}

  /** Keeps loads of other entities free of cost. */
  getSubscribedEntities(): EntityClass<object>[] {
    return [...this.auditedClasses];
  }

  onLoad({ entity }: EventArgs<object>): void {
    this.trust(entity);
  }

  /** @param snapshot undefined for an entity that MikroORM does not manage */
  isTrusted(snapshot: object | undefined): boolean {
    return snapshot !== undefined && this.trusted.has(snapshot);
  }

  /** The present snapshot of the entity shows what is stored. */
  trust(entity: object): void {
    const snapshot = helper(entity).__originalEntityData;
    if (snapshot) {
      this.trusted.add(snapshot);
    }
  }
}
