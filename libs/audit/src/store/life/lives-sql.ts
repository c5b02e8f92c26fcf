import { looksAtMetadata, type ScopeFilter, scopeCondition } from '../search/scope-filter.js';
import { instantSql } from '../search/search-rows.js';
import { SqlParameters } from '../sql/sql-parameters.js';
import type { BoundStatement } from '../sql/sql-statement.js';
import { revisionJoin } from '../tables/revision-rows.js';
import { BRIEF_SELECT, CHANGE_COLUMNS } from '../tables/stored-row.js';
import type { TableNames } from '../tables/table-names.js';
import type { BoundedLifeKey, Moment } from './life-query.js';

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
  const lives = [...ofTypes.values()].map((group) =>
    livesOfTypes(group, { scope, reached }, tables, parameters),
  );
  const sql = `select * from (${lives.join('\nunion all\n')}) lives order by lives.n, lives.number`;
  return { sql, parameters: parameters.values };
}

function livesOfTypes(
  keys: readonly (BoundedLifeKey & { readonly n: number })[],
  { scope, reached }: { scope: ScopeFilter | null; reached: string },
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
  const places = [
    ['entity_id', "c.operation = 'create'", "c.operation <> 'update'"],
    ['renamed_to', 'true', 'false'],
  ].map(
    ([id, begins, ends]) => `select c.*, ${begins} as begins, ${ends} as ends from ${tables.change} c
    where c.entity_type = any(${types}) and c.${id} = wanted.id and c.id <= wanted.until`,
  );
  const inScope = scope ? `coalesce(${scopeCondition(scope, parameters)}, false)` : 'true';
  const isWhole = scope !== null && looksAtMetadata(scope);
  return `select wanted.n, life.*
from unnest(${wanted.join(', ')}) wanted(id, n, until)
cross join lateral (
  select c.*, max(c.number) filter (where c.begins and c.reached) over () as begun,
    min(c.number) filter (where c.ends and not c.reached) over () as ended,
    min(c.number) filter (where not c.reached) over () as next
  from (
    select ${CHANGE_COLUMNS}, ${BRIEF_SELECT}, c.id as number, c.begins, c.ends, ${reached} as reached, ${inScope} as visible
    from (${places.join('\n    union all\n    ')}) c ${revisionJoin(tables, { isWhole })}
  ) c
) life
where case when life.begun is null then life.reached or life.number <= coalesce(life.ended, life.number)
  else life.number >= life.begun and (life.reached or life.number = life.next and life.visible) end`;
}
