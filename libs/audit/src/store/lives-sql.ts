import type { LifeKey, Moment } from './life-query.js';
import { type ScopeFilter, scopeCondition } from './scope-filter.js';
import { instantSql } from './search-rows.js';
import { SqlParameters } from './sql-parameters.js';
import type { BoundStatement } from './sql-statement.js';
import { CHANGE_COLUMNS } from './stored-row.js';
import type { TableNames } from './table-names.js';

const NO_END = '9223372036854775807';

/** See `TrailSearch.lives`; `n` is the place of the entity among the keys. */
export function livesSql(
  keys: readonly LifeKey[],
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
  keys: readonly (LifeKey & { readonly n: number })[],
  reached: string,
  scope: ScopeFilter | null,
  tables: TableNames,
  parameters: SqlParameters,
): string {
  const types = parameters.add(keys[0]?.types ?? [], 'text[]');
  const ids = parameters.add(
    keys.map(({ id }) => id),
    'text[]',
  );
  const places = parameters.add(
    keys.map(({ n }) => n),
    'int[]',
  );
  const ofKey = (alias: string) => `${alias}.entity_type = any(${types}) and ${alias}.entity_id = wanted.id`;
  const changesOf = (alias: string) =>
    `from ${tables.change} ${alias} join ${tables.revision} r on r.id = ${alias}.revision_id where ${ofKey(alias)}`;
  const inScope = scope ? `coalesce(${scopeCondition(scope, parameters)}, false)` : 'true';
  // `+ 0` keeps the planner from looking for the greatest id through the primary key.
  return `select wanted.n, life.*
from unnest(${ids}, ${places}) wanted(id, n)
cross join lateral (
  select max(b.id + 0) as id ${changesOf('b')} and b.operation = 'create' and ${reached}
) begun
cross join lateral (
  select min(e.id + 0) as id from ${tables.change} e
  where begun.id is null and ${ofKey('e')} and e.operation <> 'update'
) ended
cross join lateral (
  select ${CHANGE_COLUMNS}, ${reached} as reached, ${inScope} as visible ${changesOf('c')}
    and c.id >= coalesce(begun.id, 0) and c.id <= coalesce(ended.id, ${NO_END}) and (begun.id is null or ${reached})
) life`;
}
