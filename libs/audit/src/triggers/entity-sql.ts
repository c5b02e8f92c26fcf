import type { EntityMetadata, Platform } from '@mikro-orm/core';
import { literal, quoted } from '../model/sql-names.js';
import type { EntityPolicy } from '../policy/entity-policy.js';
import { keyTextSql } from './values/entity-id-sql.js';

/** Finds the policy of the class that a relation leads to; undefined when it is not audited. */
export type PolicyOf = (meta: Pick<EntityMetadata, 'class'>) => EntityPolicy | undefined;

/** Whether a class is one of several in a table. */
export function sharesTable({ meta }: Pick<EntityPolicy, 'meta'>): boolean {
  return meta.root.inheritanceType === 'sti';
}

/** Whether the row of an alias is of a class: those that share a table are told apart by its discriminator. */
export function isOfClassSql(meta: EntityMetadata, alias: string): string {
  const { root } = meta;
  if (!sharesTable({ meta })) {
    return 'true';
  }
  const [column = ''] = root.props.find(({ name }) => name === root.discriminatorColumn)?.fieldNames ?? [];
  return `${alias}.${quoted(column)}::text = ${literal(String(meta.discriminatorValue))}`;
}

/** The whole that the entity of a row is part of: its type and id, both null where there is none. */
export function rootSql(
  { meta, partOf }: EntityPolicy,
  alias: string,
  policyOf: PolicyOf,
  platform: Platform,
): { readonly type: string; readonly id: string } {
  const relation = meta.relations.find(({ name }) => name === partOf);
  const { targetMeta } = relation ?? {};
  if (!relation || !targetMeta) {
    return { type: 'null::text', id: 'null::text' };
  }
  const id = keyTextSql(relation, alias, platform);
  const type = literal(policyOf(targetMeta)?.entityType ?? targetMeta.className);
  return { type: `case when ${id} is not null then ${type} end`, id };
}
