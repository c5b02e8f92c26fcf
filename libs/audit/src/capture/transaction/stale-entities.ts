import type { UnitOfWork } from '@mikro-orm/core';
import { AuditStaleEntityManagerError } from '../../errors/write-errors.js';
import { isManaged } from '../orm/identity-map.js';
import type { FlushedEntities } from './transaction-scope.js';

interface StaleEntity {
  readonly entityType: string;
  readonly entity: WeakRef<object>;
}

/**
 * Entities whose flush was rolled back by a failed audit write. MikroORM has already taken their values for stored, so
 * a second flush would send nothing and look like success. There is no supported way to take its snapshots back, hence
 * the refusal of every unit of work that still manages one of them, also of one forked for another transaction.
 */
export class StaleEntities {
  private stale: readonly StaleEntity[] = [];

  add(flush: FlushedEntities): void {
    const { entityType } = flush;
    const added = flush.entities().map((entity) => ({ entityType, entity: new WeakRef(entity) }));
    this.stale = [...this.stale, ...added];
  }

  /** @throws AuditStaleEntityManagerError when the unit of work manages an entity of a failed flush */
  assertNoneIn(unitOfWork: UnitOfWork): void {
    if (this.stale.length === 0) {
      return;
    }
    this.stale = this.stale.filter(({ entity }) => entity.deref() !== undefined);
    for (const { entityType, entity } of this.stale) {
      const managed = entity.deref();
      if (managed && isManaged(unitOfWork, managed)) {
        throw new AuditStaleEntityManagerError(entityType);
      }
    }
  }
}
