import type { EntityManager, EntityMetadata, FilterQuery } from '@mikro-orm/core';
import { HistoryUnavailableError } from '../../errors/query-errors.js';
import type { EntityPolicy } from '../../policy/entity-policy.js';
import { columnTypesOf } from '../../serialize/property/column-type.js';
import type { AuditedInstance } from '../terms/audit-catalog.js';
import { storedTypes } from '../terms/change-decoder.js';

/**
 * An entity without any history that is there all the same was there before auditing began.
 * @param when the moment that was asked for, for people
 * @throws HistoryUnavailableError
 */
export async function assertNoRow(
  instance: AuditedInstance,
  family: readonly EntityPolicy[],
  id: string,
  when: string,
): Promise<void> {
  const { search } = instance.store;
  const lives = await search.lives([{ types: storedTypes(family), id }], null, null);
  const [policy] = family;
  if (policy && lives[0]?.length === 0 && (await isLive(instance, policy, id))) {
    throw new HistoryUnavailableError(policy.entityType, id, when);
  }
}

/** Whether an entity has a row now, as the transaction of the caller sees it. */
async function isLive(
  { policies, codecs }: AuditedInstance,
  policy: EntityPolicy,
  entityId: string,
): Promise<boolean> {
  const { meta, schema } = policy;
  const key = codecs.ofPolicy(policy).keyOf(entityId);
  if (!key) {
    return false;
  }
  const em = policies.orm.em.getContext(false).fork({
    keepTransactionContext: true,
    ...(schema === undefined ? {} : { schema }),
  });
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
