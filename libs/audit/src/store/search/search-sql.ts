import { SqlParameters } from '../sql/sql-parameters.js';
import type { BoundStatement } from '../sql/sql-statement.js';
import { changesOfRevision, REVISION_ID } from '../tables/revision-rows.js';
import { BRIEF_SELECT, CHANGE_COLUMNS, REVISION_COLUMNS } from '../tables/stored-row.js';
import type { TableNames } from '../tables/table-names.js';
import { changeConditions, countsSql, revisionMatches } from './change-conditions.js';
import type { ChangeSearch } from './change-filter.js';
import { changeRows, instantSql, type RowRequest, revisionRows, type SearchRows } from './search-rows.js';

/** A search for as much of a page as a number of rows gives. */
export interface WindowSearch extends RowRequest, Pick<ChangeSearch, 'limit'> {}

/**
 * The result of each statement of a search: the items, at most `limit`, and the last of the rows that it looked at, if there
 * were as many as it may look at.
 */
export interface WindowRow {
  readonly is_item: boolean;
  /** Number of the row among those that were looked at. */
  readonly n: string | number;
  readonly position1: string;
  readonly position2?: string;
  readonly position3?: string;
}

export function changesSql(search: WindowSearch, tables: TableNames): BoundStatement {
  const parameters = new SqlParameters();
  const rows = changeRows(search, tables, parameters);
  const matches = [isWantedSql(search, parameters), ...changeConditions(search.plan.rest, parameters)];
  const ofRevision = search.details ? REVISION_COLUMNS : BRIEF_SELECT;
  const looked = `select ${CHANGE_COLUMNS}, ${ofRevision}, ${positionSql(rows)},
  coalesce(${matches.join(' and ')}, false) as is_item
from ${rows.from}`;
  return {
    sql: `select page.* from (${numbered(firstOf(looked, rows, search, parameters), rows, search)}) page ${pageCondition(search, parameters)}`,
    parameters: parameters.values,
  };
}

/** Whether a row is one that is asked for at all. */
function isWantedSql({ withActions, after, plan }: WindowSearch, parameters: SqlParameters): string {
  if (!withActions || plan.looksAt === 'changes') {
    return 'c.id is not null';
  }
  if (plan.looksAt === 'changesByTime') {
    return 'true';
  }
  // The revision in which the page before ended is looked at once more.
  const isAgain = after
    ? `(r.recorded_at, r.id) = (${instantSql(after[0], parameters)}, ${parameters.add(after[1], 'bigint')})`
    : 'false';
  return `(c.id is not null or (r.entity_type is null and not ${isAgain}))`;
}

/** Revisions in the order of time. */
export function revisionsByTimeSql(search: WindowSearch, tables: TableNames): BoundStatement {
  const parameters = new SqlParameters();
  const rows = revisionRows(search, tables, parameters);
  const looked = `select r.*, ${positionSql(rows)},
  ${revisionMatches(search.plan.rest, tables, parameters)} as is_item
from ${rows.from}`;
  // The page has the alias of a revision, of which it has all columns.
  return {
    sql: `select ${REVISION_COLUMNS}, r.is_item, r.n, ${rows.position.map((_, index) => `r.position${index + 1}`).join(', ')}, ${countsSql(search.filter, tables, parameters)}
from (${numbered(firstOf(looked, rows, search, parameters), rows, search)}) r ${pageCondition(search, parameters)}`,
    parameters: parameters.values,
  };
}

/** Revisions in the order of the first change of each that the filter finds, from the end where the page begins. */
export function revisionsByChangeSql(search: WindowSearch, tables: TableNames): BoundStatement {
  const parameters = new SqlParameters();
  const { filter, plan, newestFirst, after } = search;
  const rows = changeRows(search, tables, parameters);
  const matches = changeConditions(plan.rest, parameters).join(' and ') || 'true';
  const looked = `select ${REVISION_ID} as id, ${positionSql(rows)}, coalesce(${matches}, false) as matches
from ${rows.from}`;
  const direction = newestFirst ? 'desc' : 'asc';
  const first = `select looked.*, looked.matches and
  row_number() over (partition by looked.id, looked.matches order by looked.order1 ${direction}) = 1 as is_first
from (${firstOf(looked, rows, search, parameters)}) looked`;
  const wasSeen = after
    ? `exists (select from ${tables.change} r cross join lateral ${changesOfRevision(tables)}
  where r.id = first.id and c.id ${newestFirst ? '>=' : '<='} ${parameters.add(after[0], 'bigint')}
    and ${changeConditions(filter, parameters).join(' and ') || 'true'})`
    : 'false';
  const items = `select first.*, first.is_first and not ${wasSeen} as is_item from (${first}) first`;
  return {
    sql: `select ${REVISION_COLUMNS}, ${countsSql(filter, tables, parameters)}, page.*
from (${numbered(items, rows, search)}) page join ${tables.change} r on r.id = page.id
${pageCondition(search, parameters)}`,
    parameters: parameters.values,
  };
}

function positionSql({ order, position }: SearchRows): string {
  return [
    ...order.map((column, index) => `${column} as order${index + 1}`),
    ...position.map((text, index) => `${text} as position${index + 1}`),
  ].join(', ');
}

/** By the aliases of `positionSql`. */
function orderSql({ order }: SearchRows, search: Pick<ChangeSearch, 'newestFirst'>): string {
  return `order by ${directed(
    order.map((_, index) => `order${index + 1}`),
    search,
  )}`;
}

/** The columns of an order, each in the direction of the search. */
export function directed(
  columns: readonly string[],
  { newestFirst }: Pick<ChangeSearch, 'newestFirst'>,
): string {
  return columns.map((column) => `${column} ${newestFirst ? 'desc' : 'asc'}`).join(', ');
}

/** As many rows as a search may look at. */
function firstOf(looked: string, rows: SearchRows, search: WindowSearch, parameters: SqlParameters): string {
  return `${looked} ${orderSql(rows, search)} limit ${parameters.add(search.window, 'int')}`;
}

/** Numbers what is looked at, and counts the items so far. */
function numbered(looked: string, rows: SearchRows, search: WindowSearch): string {
  const order = orderSql(rows, search);
  return `select looked.*, row_number() over (${order}) as n,
  count(*) filter (where looked.is_item) over (${order} rows unbounded preceding) as found
from (${looked}) looked`;
}

function pageCondition({ limit, window }: WindowSearch, parameters: SqlParameters): string {
  return `where (is_item and found <= ${parameters.add(limit, 'int')}) or n = ${parameters.add(window, 'int')} order by n`;
}
