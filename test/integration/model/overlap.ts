import { type EntityManager, helper, Utils } from '@mikro-orm/core';
import { catalog } from './catalog.js';

const shared = Object.values(catalog).filter((type) => type.shared);

/**
 * Whether two units of work hold the same row. If they flush at the same time, what one of them has loaded may be old
 * when it is written, which is by design not seen without `exact` or a lock version. Rows that both remove do not count,
 * unless one inserts them again: nobody tells that the deletes of the other, of the row or of its links, found nothing.
 */
export function overlap(one: EntityManager, other: EntityManager): boolean {
  if ([one, other].some(recreates)) {
    return true;
  }
  const [rows, others] = [rowsHeld(one), rowsHeld(other)];
  return [...rows].some(([name, isRemoved]) => others.has(name) && !(isRemoved && others.get(name)));
}

/** Whether the row is to be removed, by its name. */
function rowsHeld(em: EntityManager): ReadonlyMap<string, boolean> {
  const unitOfWork = em.getUnitOfWork(false);
  const removed = unitOfWork.getRemoveStack();
  // A row created anew under the same key has taken the place of the removed one in the identity map.
  const held = [...unitOfWork.getIdentityMap(), ...removed].filter(
    (entity) => removed.has(entity) || !isShared(entity),
  );
  return new Map(held.map((entity) => [rowText(entity), removed.has(entity)]));
}

function rowText(entity: object): string {
  const { __meta: meta, __schema: schema } = helper(entity);
  const place = meta.root.schema === '*' ? `${schema}.` : '';
  return `${place}${meta.root.className} ${keyText(entity)}`;
}

function recreates(em: EntityManager): boolean {
  const unitOfWork = em.getUnitOfWork(false);
  const removed = new Set([...unitOfWork.getRemoveStack()].map(rowText));
  return [...unitOfWork.getPersistStack()].some((entity) => removed.has(rowText(entity)));
}

/** Links are read without a lock, also those of exact entities. */
function isShared(entity: object): boolean {
  return (
    shared.some((type) => entity instanceof type.entity) &&
    !Object.values(entity).some((value) => Utils.isCollection(value) && value.isDirty())
  );
}

function keyText(entity: object): string {
  return (helper(entity).getPrimaryKeys(true) ?? []).flat(Number.POSITIVE_INFINITY).join();
}
