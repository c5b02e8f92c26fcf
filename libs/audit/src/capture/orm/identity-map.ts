import { type EntityMetadata, helper, type UnitOfWork } from '@mikro-orm/core';
import { textsOfKey } from '../../serialize/text/texts-of-key.js';
import { conditionValue, type RowKey } from './row-key.js';

/** The `IdentityMap` of MikroORM 7.2, or that of 7.1, which has the same only in two steps. */
interface Slots {
  getByEntity?(entity: object): object | undefined;
  getPkHash(entity: object): string;
  getStore(meta: object): ReadonlyMap<string, object>;
}

/** The entity that the unit of work has for a row; undefined when it has none. */
export function entityOfRow(unitOfWork: UnitOfWork, { meta, columns, schema }: RowKey): object | undefined {
  return entityByKey(unitOfWork, meta, conditionValue(columns), schema);
}

/**
 * The entity with an id of the trail, if the unit of work has it.
 * @param schema of its row
 */
export function entityOfId(
  unitOfWork: UnitOfWork,
  meta: EntityMetadata,
  id: string,
  schema: string | undefined,
): object | undefined {
  const columns = textsOfKey(id, meta.getPrimaryProps(true).length);
  return columns && entityByKey(unitOfWork, meta, conditionValue(columns), schema);
}

/**
 * @param key in database form; an array where it is composite
 * @param schema of its row; undefined where the class has one of its own
 */
export function entityByKey(
  unitOfWork: UnitOfWork,
  { class: entityClass }: EntityMetadata,
  key: unknown,
  schema: string | undefined,
): object | undefined {
  return unitOfWork.getById<object>(entityClass, key as never, schema, true);
}

/** Whether an entity stands for a row for which the unit of work has another entity already, as after some merges. */
export function isTwin(unitOfWork: UnitOfWork, entity: object): boolean {
  const managed = managedLike(unitOfWork, entity);
  return managed !== undefined && managed !== entity;
}

export function isManaged(unitOfWork: UnitOfWork, entity: object): boolean {
  return managedLike(unitOfWork, entity) === entity;
}

/** The entities of one table that the unit of work has. */
export function entitiesLike(unitOfWork: UnitOfWork, entity: object): Iterable<object> {
  return new Set(unitOfWork.getIdentityMap().getStore(helper(entity).__meta.root).values());
}

/** The entity that the unit of work has for the row of an entity: itself, or another one, or undefined. */
function managedLike(unitOfWork: UnitOfWork, entity: object): object | undefined {
  const slots = unitOfWork.getIdentityMap() as unknown as Slots;
  return slots.getByEntity === undefined
    ? slots.getStore(helper(entity).__meta.root).get(slots.getPkHash(entity))
    : slots.getByEntity(entity);
}
