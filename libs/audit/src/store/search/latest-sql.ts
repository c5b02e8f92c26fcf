import { SqlParameters } from '../sql/sql-parameters.js';
import type { BoundStatement } from '../sql/sql-statement.js';
import { revisionJoin } from '../tables/revision-rows.js';
import { BRIEF_SELECT, CHANGE_COLUMNS, REVISION_COLUMNS } from '../tables/stored-row.js';
import type { TableNames } from '../tables/table-names.js';
import { indexRange } from './index-range.js';
import type { LatestSearch } from './latest-search.js';
import { looksAtMetadata, scopeCondition } from './scope-filter.js';

/**
 * The newest change of each entity, `n` its place in the list from 1: two index lookups for each, however many changes it
 * has. The change that gave an entity its id stands under the id before.
 */
export function latestSql(search: LatestSearch, tables: TableNames): BoundStatement {
  const { entityTypes, entityIds, scope, details } = search;
  const parameters = new SqlParameters();
  const ids = parameters.add(entityIds, 'text[]');
  const types = parameters.add(entityTypes, 'text[]');
  const inScope = scope ? [scopeCondition(scope, parameters)] : [];
  const revision = scope ? revisionJoin(tables, { isWhole: looksAtMetadata(scope) }) : '';
  const newest = (column: string, others: readonly string[]) => {
    const range = indexRange({
      keys: [
        ['c.entity_type', 'given.type'],
        [column, 'wanted.id'],
      ],
      columns: ['c.id'],
      from: null,
      until: null,
      after: null,
      newestFirst: true,
    });
    const conditions = [...range.conditions, ...others, ...inScope];
    return `(select c.* from ${tables.change} c ${revision}
    where ${conditions.join(' and ')} order by ${range.order} limit 1)`;
  };
  const sql = `select distinct on (wanted.n) wanted.n::int as n, ${CHANGE_COLUMNS}, ${details ? REVISION_COLUMNS : BRIEF_SELECT}
from unnest(${ids}) with ordinality wanted(id, n) cross join unnest(${types}) given(type)
cross join lateral (
  ${newest('c.entity_id', [])}
  union all
  ${newest('c.renamed_to', ['c.renamed_to is not null'])}
) c ${revisionJoin(tables, { isWhole: details })}
order by wanted.n, c.id desc`;
  return { sql, parameters: parameters.values };
}
