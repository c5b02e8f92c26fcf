import { type EntityManager, helper, type UnitOfWork } from '@mikro-orm/core';
import { AuditStaleEntityManagerError } from '../errors/write-errors.js';

interface FailedFlush {
  readonly entityType: string;
  readonly entities: readonly object[];
}

/**
 * Units of work whose flush was rolled back by a failed audit write. MikroORM has already taken the values for stored,
 * so a second flush would send nothing and look like success. There is no supported way to take its snapshots back,
 * hence the refusal, until those entities are out of the identity map.
 */
export class StaleManagers {
  private readonly failed = new WeakMap<UnitOfWork, FailedFlush>();

  /** Marks the unit of work, and the one it was forked from for the transaction, which shares its entities. */
  mark(unitOfWork: UnitOfWork, entityType: string, entities: readonly object[]): void {
    const managers = new Set(entities.map((entity) => helper(entity).__em as EntityManager | undefined));
    const owners = [...managers].flatMap((em) => (em ? [em.getUnitOfWork(false)] : []));
    for (const stale of new Set([unitOfWork, ...owners])) {
      this.failed.set(stale, { entityType, entities });
    }
  }

  /** @throws AuditStaleEntityManagerError when the unit of work still holds entities of a failed flush */
  assertUsable(unitOfWork: UnitOfWork): void {
    const failure = this.failed.get(unitOfWork);
    if (!failure) {
      return;
    }
    const identityMap = unitOfWork.getIdentityMap();
    if (failure.entities.some((entity) => identityMap.getByEntity(entity) === entity)) {
      throw new AuditStaleEntityManagerError(failure.entityType);
    }
    this.failed.delete(unitOfWork);
  }
}
