import type { EntityMetadata, EntityProperty } from '@mikro-orm/core';
import type { JsonValue } from '../model/json.js';
import type { EntityPolicy } from '../policy/entity-policy.js';
import { keyText } from '../serialize/key-text.js';
import type { RowDraft } from './row-draft.js';

/** The relation that leads to what an entity is part of; undefined when it is part of nothing. */
export function rootRelation({ partOf, meta }: EntityPolicy): EntityProperty | undefined {
  return partOf === null ? undefined : meta.relations.find(({ name }) => name === partOf);
}

/** What an entity is part of, from the encoded foreign key; null when it leads nowhere. */
export function rootOf(
  relation: EntityProperty,
  key: JsonValue,
  policyOf: (meta: EntityMetadata) => EntityPolicy | undefined,
): RowDraft['root'] {
  const { targetMeta } = relation;
  return targetMeta && key !== null
    ? { rootType: policyOf(targetMeta)?.entityType ?? targetMeta.className, rootId: keyText([key]) }
    : null;
}
