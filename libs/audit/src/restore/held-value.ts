import type { EntityMetadata, EntityProperty, MetadataStorage } from '@mikro-orm/core';
import type { JsonValue } from '../model/json.js';
import { keyText } from '../serialize/entity/key-text.js';
import { isJsonObject } from '../serialize/json/json-shape.js';
import type { RestoreDraft } from './restore-draft.js';
import { LinkUndo, type RestoreTarget } from './restore-target.js';

/** A reference to an entity, with what it holds of it: the key, or with `targetKey` another value. */
export interface Holder {
  readonly targetKey?: EntityProperty['targetKey'] | undefined;
}

/**
 * A reference holds the text of it where it leads to the entity.
 * @returns null when nothing can lead to it, because it has no such value or none that is known
 */
export function heldOf(
  { targetKey }: Holder,
  { codec, entityId }: Pick<RestoreTarget, 'codec' | 'entityId'>,
  valueAt: (path: string) => JsonValue | LinkUndo | undefined,
): string | null {
  if (targetKey === undefined) {
    return entityId;
  }
  const path = codec.properties.get(targetKey)?.property.path;
  const value = (path === undefined ? null : valueAt(path)) ?? null;
  return value === null || value instanceof LinkUndo ? null : keyText([value]);
}

/** The same of an entity as it is going to be; of what is deleted as it was. */
export function heldAfter(holder: Holder, draft: RestoreDraft): string | null {
  return heldOf(holder, draft.target, (path) => draft.valueAfter(path));
}

/** Whether a class has a relation that holds another value than the key. */
export function holdsOther({ policy }: Pick<RestoreTarget, 'policy'>): boolean {
  return policy.meta.relations.some(({ targetKey }) => targetKey !== undefined);
}

/** The class that a stored reference leads to, and what it holds of an entity of it. */
export function referenceOf(
  { polymorphic, discriminatorMap, targetMeta }: EntityProperty,
  stored: JsonValue,
  metadata: MetadataStorage,
): { readonly meta: EntityMetadata | undefined; readonly value: JsonValue } {
  if (!polymorphic || !isJsonObject(stored)) {
    return { meta: targetMeta, value: stored };
  }
  const type = discriminatorMap?.[String(stored.type)];
  return { meta: type && metadata.find(type), value: stored.id ?? null };
}
