import type { CountedBy } from '../../model/change-counts.js';
import { SqlParameters } from '../sql/sql-parameters.js';
import type { BoundStatement } from '../sql/sql-statement.js';
import type { TableNames } from '../tables/table-names.js';
import { changeConditions } from './change-conditions.js';
import type { CountSearch } from './count-search.js';
import { changeRows, type RowRequest } from './search-rows.js';
import { directed } from './search-sql.js';

/** By what groups are told apart: columns of `looked`. */
const KEYS: Readonly<Record<CountedBy, readonly string[]>> = {
  actor: ['actor_type', 'actor_id'],
  action: ['action'],
  entityType: ['present_type'],
  entity: ['present_type', 'entity_id'],
};

/** Counts of the rows that the filter finds, by day and type. */
export function activitySql(request: RowRequest, timeZone: string, tables: TableNames): BoundStatement {
  const parameters = new SqlParameters();
  const sql = `with ${lookedSql(request, ['r.recorded_at', 'c.entity_type'], tables, parameters)}
select counted.counted_from, by_day.* from counted left join (
  select to_char(recorded_at at time zone ${parameters.add(timeZone, 'text')}, 'YYYY-MM-DD') as day, entity_type, count(*)::int as count
  from looked where matches group by 1, 2
) by_day on true
order by by_day.day, by_day.entity_type`;
  return { sql, parameters: parameters.values };
}

/** Counts of the rows that the filter finds, by what they have in common. */
export function groupedCountsSql(
  request: RowRequest,
  { by, formerNames, limit }: Pick<CountSearch, 'by' | 'formerNames' | 'limit'>,
  tables: TableNames,
): BoundStatement {
  const parameters = new SqlParameters();
  const [former, present] = [0, 1].map((at) =>
    parameters.add(
      formerNames.map((pair) => pair[at]),
      'text[]',
    ),
  );
  const columns = ['r.recorded_at', 'r.id', 'r.actor_type', 'r.actor_id', 'r.actor_label', 'r.action'];
  const keys = KEYS[by].join(', ');
  const sql = `with ${lookedSql(request, [...columns, 'c.entity_type', 'c.entity_id'], tables, parameters)},
named as (
  select looked.*, coalesce(known.present || substr(looked.entity_type, length(known.former) + 1), looked.entity_type) as present_type
  from looked left join unnest(${former}, ${present}) known(former, present) on known.former = split_part(looked.entity_type, '@', 1)
  where looked.matches
)
select counted.counted_from, grouped.* from counted left join (
  select ${keys}, (array_agg(actor_label order by recorded_at desc, id desc))[1] as actor_label,
    count(*)::int as changes, count(distinct id)::int as revisions,
    (count(*) over ())::int as all_groups, (sum(count(*)) over ())::int as all_changes
  from named group by ${keys} order by changes desc, ${keys} limit ${parameters.add(limit, 'int')}
) grouped on true
order by changes desc, ${keys}`;
  return { sql, parameters: parameters.values };
}

/** The queries `looked`, the rows that may be counted, and `counted`, from when on they are all that there are. */
function lookedSql(
  request: RowRequest,
  columns: readonly string[],
  tables: TableNames,
  parameters: SqlParameters,
): string {
  const rows = changeRows(request, tables, parameters);
  const matches = ['c.id is not null', ...changeConditions(request.plan.rest, parameters)];
  const window = parameters.add(request.window, 'int');
  return `looked as materialized (
  select ${columns.join(', ')}, coalesce(${matches.join(' and ')}, false) as matches
  from ${rows.from}
  order by ${directed(rows.order, request)} limit ${window}
), counted as (
  select case when count(*) = ${window} then (extract(epoch from min(recorded_at)) * 1000)::float8 end as counted_from from looked
)`;
}
