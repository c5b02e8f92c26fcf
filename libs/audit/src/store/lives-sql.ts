import type { BoundedLifeKey, Moment } from './life-query.js';
import { type ScopeFilter, scopeCondition } from './scope-filter.js';
import { instantSql } from './search-rows.js';
import { SqlParameters } from './sql-parameters.js';
import type { BoundStatement } from './sql-statement.js';
import { CHANGE_COLUMNS } from './stored-row.js';
import type { TableNames } from './table-names.js';

/**
 * The changes of lives under one id each, see `TrailSearch.lives`; `n` is the place of the entity among the keys. A life
 * may begin with the change, stored under another id, that gave the entity its id.
 */
export function livesSql(
  keys: readonly BoundedLifeKey[],
  moment: Moment | null,
  scope: ScopeFilter | null,
  tables: TableNames,
): BoundStatement {
  const parameters = new SqlParameters();
  const reached = moment
    ? `(r.recorded_at, r.id) <= (${instantSql(moment.recordedAt, parameters)}, ${parameters.add(moment.revisionId, 'bigint')})`
    : 'true';
  const numbered = keys.map((key, n) => ({ ...key, n }));
  const ofTypes = Map.groupBy(numbered, ({ types }) => JSON.stringify(types));
  const lives = [...ofTypes.values()].map((group) => livesOfTypes(group, reached, scope, tables, parameters));
  const sql = `select * from (${lives.join('\nunion all\n')}) lives order by lives.n, lives.id::bigint`;
  return { sql, parameters: parameters.values };
}

function livesOfTypes(
  keys: readonly (BoundedLifeKey & { readonly n: number })[],
  reached: string,
  scope: ScopeFilter | null,
  tables: TableNames,
  parameters: SqlParameters,
): string {
  const types = parameters.add(keys[0]?.types ?? [], 'text[]');
  const column = (of: (key: (typeof keys)[number]) => unknown, type: string) =>
    parameters.add(keys.map(of), type);
  const wanted = [
    column(({ id }) => id, 'text[]'),
    column(({ n }) => n, 'int[]'),
    column(({ untilId }) => untilId, 'bigint[]'),
  ];
  const ofId = (alias: string, id: string) =>
    `${alias}.entity_type = any(${types}) and ${alias}.${id} = wanted.id and ${alias}.id <= wanted.until`;
  const begins = (id: string) =>
    `select b.id from ${tables.change} b join ${tables.revision} r on r.id = b.revision_id where ${ofId('b', id)} and ${reached}`;
  const lived = (id: string) =>
    `select c.* from ${tables.change} c where ${ofId('c', id)} and c.id between coalesce(begun.id, 0) and coalesce(ended.id, wanted.until)`;
  const inScope = scope ? `coalesce(${scopeCondition(scope, parameters)}, false)` : 'true';
  // `+ 0` keeps the planner from looking for the greatest id through the primary key.
  return `select wanted.n, life.*
from unnest(${wanted.join(', ')}) wanted(id, n, until)
cross join lateral (
  select max(b.id + 0) as id from (
    ${begins('entity_id')} and b.operation = 'create' union all ${begins('renamed_to')}
  ) b
) begun
cross join lateral (
  select min(e.id + 0) as id from ${tables.change} e
  where begun.id is null and ${ofId('e', 'entity_id')} and e.operation <> 'update'
) ended
cross join lateral (
  select ${CHANGE_COLUMNS}, ${reached} as reached, ${inScope} as visible
  from (${lived('entity_id')} union all ${lived('renamed_to')}) c join ${tables.revision} r on r.id = c.revision_id
  where begun.id is null or ${reached}
) life`;
}
