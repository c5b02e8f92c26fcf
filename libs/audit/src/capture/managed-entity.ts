import type { EntityMetadata, UnitOfWork } from '@mikro-orm/core';

/** The entity with an id of the trail, if the unit of work has it. */
export function managedEntity(unitOfWork: UnitOfWork, meta: EntityMetadata, id: string): object | undefined {
  const isComposite = meta.getPrimaryProps(true).length > 1;
  return unitOfWork.getById<object>(
    meta.class,
    (isComposite ? JSON.parse(id) : id) as never,
    undefined,
    true,
  );
}
