import type { EntityMetadata, EntityName } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { HistoryUnavailableError } from '../../errors/query-errors.js';
import type { EntityPolicy } from '../../policy/entity-policy.js';
import { schemaOption } from '../../policy/row-schema.js';
import type { EntityCodec } from '../../serialize/entity/entity-codec.js';
import { columnTypesOf } from '../../serialize/property/column-type.js';
import type { AuditedInstance } from '../terms/audit-catalog.js';
import { storedTypes } from '../terms/change-decoder.js';

type KeyValues = Readonly<Record<string, unknown>>;

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
  const [policy] = family;
  if (policy && (await unrecordedRows(instance, family, [id])).has(id)) {
    throw new HistoryUnavailableError(policy.entityType, id, when);
  }
}

/**
 * Those of some entities that have a row now, as the transaction of the caller sees it, and nothing in the trail. Three
 * queries, however many entities there are.
 */
export async function unrecordedRows(
  { policies, codecs, store }: AuditedInstance,
  family: readonly EntityPolicy[],
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const types = storedTypes(family);
  const lives = await store.search.lives(
    ids.map((id) => ({ types, id })),
    null,
    null,
  );
  const codec = family[0] && codecs.ofPolicy(family[0]);
  const keys = ids.flatMap((id, at): KeyValues[] => {
    const key = lives[at]?.length === 0 ? codec?.keyOf(id) : undefined;
    return key ? [key] : [];
  });
  if (!codec || keys.length === 0) {
    return new Set();
  }
  const em = policies.orm.em.getContext(false) as EntityManager;
  return liveIds(em, codec, await possibleKeys(em, codec.policy.meta, keys));
}

/** Without events: nothing is loaded by this, and nobody has read it. */
async function liveIds(
  em: EntityManager,
  codec: EntityCodec,
  keys: readonly KeyValues[],
): Promise<ReadonlySet<string>> {
  if (keys.length === 0) {
    return new Set();
  }
  const { meta } = codec.policy;
  const rows = await em
    .fork({ keepTransactionContext: true, ...schemaOption(codec.policy) })
    .createQueryBuilder<KeyValues>(meta.class as EntityName<KeyValues>)
    .select(meta.primaryKeys)
    .where({ $or: [...keys] })
    .execute<KeyValues[]>('all');
  return new Set(rows.map((row) => codec.entityId(row, 'row')));
}

/** Asked first, because an error would end the transaction of the caller. */
async function possibleKeys(
  em: EntityManager,
  meta: EntityMetadata,
  keys: readonly KeyValues[],
): Promise<readonly KeyValues[]> {
  const types = meta.getPrimaryProps().flatMap((prop) => columnTypesOf(prop).map(({ base }) => base));
  const names = types.map((_, at) => `k${at}`);
  const texts = keys.map((key) => {
    const parts = meta.primaryKeys.flatMap((name) => [key[name]].flat());
    return Object.fromEntries(names.map((name, at) => [name, parts[at]]));
  });
  const given = `json_to_recordset(?::json) as (${names.map((name) => `${name} text`).join(', ')})`;
  const checks = types.map((_, at) => `pg_input_is_valid(k${at}, ?)`);
  const rows: readonly { readonly n: number }[] = await em
    .getConnection()
    .execute(
      `select n::int as n from rows from (${given}) with ordinality key(${names.join(', ')}, n) where ${checks.join(' and ')}`,
      [JSON.stringify(texts), ...types],
      'all',
      em.getTransactionContext(),
    );
  return rows.flatMap(({ n }) => keys.slice(n - 1, n));
}
