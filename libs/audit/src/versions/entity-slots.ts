import { helper, type UnitOfWork } from '@mikro-orm/core';

/** The `IdentityMap` of MikroORM 7.2, or that of 7.1, which has the same only in two steps. */
interface Slots {
  getByEntity?(entity: object): object | undefined;
  getPkHash(entity: object): string;
  getStore(meta: object): ReadonlyMap<string, object>;
}

/** The entity that the unit of work has for the row of an entity: itself, or another one, or undefined. */
export function managedLike(unitOfWork: UnitOfWork, entity: object): object | undefined {
  const slots = unitOfWork.getIdentityMap() as unknown as Slots;
  return slots.getByEntity === undefined
    ? slots.getStore(helper(entity).__meta.root).get(slots.getPkHash(entity))
    : slots.getByEntity(entity);
}
