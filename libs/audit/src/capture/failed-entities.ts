import type { UnitOfWork } from '@mikro-orm/core';
import { AuditStaleEntityManagerError } from '../errors/write-errors.js';

interface FailedEntity {
  readonly entityType: string;
  readonly entity: WeakRef<object>;
}

/**
 * Entities whose flush was rolled back by a failed audit write. MikroORM has already taken their values for stored, so
 * a second flush would send nothing and look like success. There is no supported way to take its snapshots back, hence
 * the refusal of every unit of work that still manages one of them, also of one forked for another transaction.
 */
export class FailedEntities {
  private failed: readonly FailedEntity[] = [];

  add(entityType: string, entities: readonly object[]): void {
    this.failed = [
      ...this.failed,
      ...entities.map((entity) => ({ entityType, entity: new WeakRef(entity) })),
    ];
  }

  /** @throws AuditStaleEntityManagerError when the unit of work manages an entity of a failed flush */
  assertNoneIn(unitOfWork: UnitOfWork): void {
    if (this.failed.length === 0) {
      return;
    }
    this.failed = this.failed.filter(({ entity }) => entity.deref() !== undefined);
    const identityMap = unitOfWork.getIdentityMap();
    for (const { entityType, entity } of this.failed) {
      const managed = entity.deref();
      if (managed && identityMap.getByEntity(managed) === managed) {
        throw new AuditStaleEntityManagerError(entityType);
      }
    }
  }
}
