import { timeConditions } from './change-conditions.js';
import type { ChangeFilter, ChangeSearch } from './change-filter.js';
import {
  type BoundStatement,
  commonConditions,
  instantSql,
  RECORDED_MICROSECONDS,
  sliceConditions,
  typeConditions,
} from './change-search-sql.js';
import type { TimeSlice } from './search-plan.js';
import { SqlParameters } from './sql-parameters.js';
import { REVISION_COLUMNS } from './stored-row.js';
import type { TableNames } from './table-names.js';

const countsSql = (tables: TableNames) => `(
  select coalesce(json_object_agg(entity_type, n), '{}') from (
    select counted.entity_type, count(*)::int as n from ${tables.change} counted
    where counted.revision_id = r.id group by counted.entity_type
  ) by_type) as counts`;

/** Revisions by their id: those that touch an entity or what is part of it, or that their header decides about. */
export function revisionsById(search: ChangeSearch, tables: TableNames): BoundStatement {
  const parameters = new SqlParameters();
  const { filter, newestFirst, after } = search;
  const place = placeCondition(filter, parameters);
  const changes = [place, ...typeConditions(filter, parameters), ...commonConditions(filter, parameters)]
    .filter((condition) => condition !== '')
    .concat(timeConditions(filter, parameters));
  const beyond = after ? [`r.id ${newestFirst ? '<' : '>'} ${parameters.add(after[0], 'bigint')}`] : [];
  // An entity has few revisions; where none is given, the revisions are looked at one by one until the page is full.
  const condition =
    place === ''
      ? `exists (select from ${tables.change} c where ${['c.revision_id = r.id', ...changes].join(' and ')})`
      : `r.id in (select c.revision_id from ${tables.change} c join ${tables.revision} r on r.id = c.revision_id
  where ${changes.join(' and ')})`;
  const header = place === '' ? headerConditions(filter, parameters) : [];
  const sql = `select ${REVISION_COLUMNS}, ${countsSql(tables)}, r.id::text as position1
from ${tables.revision} r where ${[...header, condition, ...beyond].join(' and ')}
order by r.id ${newestFirst ? 'desc' : 'asc'} limit ${parameters.add(search.limit, 'int')}`;
  return { sql, parameters: parameters.values };
}

/** Revisions that were recorded in a slice of time, in its order. */
export function revisionsByTime(search: ChangeSearch, slice: TimeSlice, tables: TableNames): BoundStatement {
  const parameters = new SqlParameters();
  const { filter, newestFirst, after } = search;
  const direction = newestFirst ? 'desc' : 'asc';
  const recorded = sliceConditions(slice, parameters).join(' and ') || 'true';
  const changes = [
    'c.revision_id = r.id',
    ...typeConditions(filter, parameters),
    ...commonConditions(filter, parameters),
  ];
  const conditions = [`exists (select from ${tables.change} c where ${changes.join(' and ')})`];
  if (after) {
    const [time = '0', revision] = after;
    conditions.push(
      `(r.recorded_at, r.id) ${newestFirst ? '<' : '>'} (${instantSql(time, parameters)}, ${parameters.add(revision, 'bigint')})`,
    );
  }
  const sql = `with recorded as materialized (select r.* from ${tables.revision} r where ${recorded})
select ${REVISION_COLUMNS}, ${countsSql(tables)}, ${RECORDED_MICROSECONDS} as position1, r.id::text as position2
from recorded r where ${conditions.join(' and ')}
order by r.recorded_at ${direction}, r.id ${direction} limit ${parameters.add(search.limit, 'int')}`;
  return { sql, parameters: parameters.values };
}

/** The header once more outside the subquery, where the indexes of the revisions serve it. */
function headerConditions(filter: ChangeFilter, parameters: SqlParameters): readonly string[] {
  const onlyHeader = { ...filter, operations: null, paths: null, values: null, text: null };
  return [...commonConditions(onlyHeader, parameters), ...timeConditions(filter, parameters)];
}

function placeCondition({ entityIds, root }: ChangeFilter, parameters: SqlParameters): string {
  if (root) {
    const types = parameters.add(root.types, 'text[]');
    const id = parameters.add(root.id, 'text');
    const whole = `((c.entity_type = any(${types}) and c.entity_id = ${id}) or (c.root_type = any(${types}) and c.root_id = ${id}))`;
    return entityIds ? `${whole} and c.entity_id = any(${parameters.add(entityIds, 'text[]')})` : whole;
  }
  return entityIds ? `c.entity_id = any(${parameters.add(entityIds, 'text[]')})` : '';
}
