import { type EntityMetadata, type EntityProperty, Reference } from '@mikro-orm/core';
import type { JsonValue } from '../model/json.js';
import type { EntityPolicy } from '../policy/entity-policy.js';
import { keyText } from '../serialize/entity/key-text.js';
import { keyValues } from './link-changes.js';

/** What an entity is part of. */
export interface Root {
  readonly rootType: string;
  readonly rootId: string;
}

export type PolicyLookup = (meta: EntityMetadata) => EntityPolicy | undefined;

/** The relation that leads to what an entity is part of; undefined when it is part of nothing. */
export function rootRelation({ partOf, meta }: EntityPolicy): EntityProperty | undefined {
  return partOf === null ? undefined : meta.relations.find(({ name }) => name === partOf);
}

/** What an entity is part of, from the encoded foreign key; null when it leads nowhere. */
export function rootOf(relation: EntityProperty, key: JsonValue, policyOf: PolicyLookup): Root | null {
  const { targetMeta } = relation;
  return targetMeta && key !== null
    ? { rootType: policyOf(targetMeta)?.entityType ?? targetMeta.className, rootId: keyText([key]) }
    : null;
}

/** What an entity at hand is part of; undefined when it is not loaded. */
export function rootOfEntity(
  relation: EntityProperty,
  entity: object,
  policyOf: PolicyLookup,
): Root | null | undefined {
  const value = (entity as Readonly<Record<string, object | null | undefined>>)[relation.name];
  if (value === null) {
    return null;
  }
  const target = value && Reference.unwrapReference(value);
  return target && '__helper' in target
    ? rootOf(relation, keyValues(target).map(String), policyOf)
    : undefined;
}
