import type { EntityManager, EntityMetadata, FilterQuery } from '@mikro-orm/core';
import type { EntityPolicy } from '../../policy/entity-policy.js';
import { columnTypesOf } from '../../serialize/property/column-type.js';
import type { AuditedInstance } from '../terms/audit-catalog.js';

/** Whether an entity has a row now, as the transaction of the caller sees it. */
export async function isLive(
  { policies, codecs }: AuditedInstance,
  { meta }: EntityPolicy,
  entityId: string,
): Promise<boolean> {
  const key = codecs.find(meta)?.keyOf(entityId);
  if (!key) {
    return false;
  }
  const em = policies.orm.em.getContext(false).fork({ keepTransactionContext: true });
  if (!(await canBeKey(em, meta, key))) {
    return false;
  }
  const rows = await em.count<object>(meta.class, key as FilterQuery<object>, { filters: false });
  return rows > 0;
}

/** Asked first, because an error would end the transaction of the caller. */
async function canBeKey(
  em: EntityManager,
  meta: EntityMetadata,
  key: Readonly<Record<string, unknown>>,
): Promise<boolean> {
  const types = meta.getPrimaryProps().flatMap((prop) => columnTypesOf(prop).map(({ base }) => base));
  const texts = meta.primaryKeys.flatMap((name) => [key[name]].flat());
  const checks = types.map(() => 'pg_input_is_valid(?, ?)').join(' and ');
  const parameters = types.flatMap((type, at) => [texts[at], type]);
  const rows: readonly { readonly valid: boolean }[] = await em
    .getConnection()
    .execute(`select ${checks} as valid`, parameters, 'all', em.getTransactionContext());
  return rows[0]?.valid === true;
}
