import type { Primary } from '@mikro-orm/core';
import type { EntityKey } from '../../model/change.js';
import type { EntityPolicy } from '../../policy/entity-policy.js';
import type { AuditedInstance } from './audit-catalog.js';
import { entityIdOf } from './entity-id.js';

type KeyPart = Exclude<EntityKey, readonly unknown[]>;

/** Keys of several entities. Where a key has several parts, each is an array of them: an array of parts alone is one key. */
export type KeyList<Entity> =
  Primary<Entity> extends readonly unknown[] ? readonly (readonly KeyPart[])[] : readonly KeyPart[];

/** Tells a list of keys from the parts of one. */
export function isKeyList(target: unknown, family: readonly EntityPolicy[]): target is readonly EntityKey[] {
  const columns = family[0]?.meta.getPrimaryProps().flatMap(({ fieldNames }) => fieldNames) ?? [];
  return Array.isArray(target) && (columns.length < 2 || target.length === 0 || target.some(Array.isArray));
}

/**
 * The entity ids in the trail; null in the place of a key that no entity can have.
 * @throws InvalidQueryError for an invalid key
 */
export function entityIdsOf(
  keys: readonly EntityKey[],
  { codecs }: AuditedInstance,
  [first]: readonly EntityPolicy[],
): readonly (string | null)[] {
  const codec = first && codecs.ofPolicy(first);
  return keys.map((key) => entityIdOf(key, codec));
}
