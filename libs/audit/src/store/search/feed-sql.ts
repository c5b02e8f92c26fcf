import { SqlParameters } from '../sql/sql-parameters.js';
import type { BoundStatement } from '../sql/sql-statement.js';
import { IS_REVISION } from '../tables/revision-rows.js';
import { REVISION_COLUMNS } from '../tables/stored-row.js';
import type { TableNames } from '../tables/table-names.js';
import { committedSince, hasNoPosition } from '../tables/unplaced-rows.js';
import { countsSql, revisionMatches } from './change-conditions.js';
import { type FeedSearch, NOW } from './feed-search.js';

/** Positions that a page looks at: a revision has one for each of its changes. */
export const FEED_WINDOW = 5_000n;

/** How many positions there are, as `size`; no row where there never was a sequencer. */
export function feedEndSql({ tick }: TableNames): string {
  return `select size::text as size from ${tick} order by number desc limit 1`;
}

/** The same, with whether revisions that were committed until a snapshot wait for their positions, and which snapshot that is. */
function waitingEndSql(waitsFor: string, tables: TableNames, parameters: SqlParameters): string {
  const snapshot = waitsFor === NOW ? 'pg_current_snapshot()' : parameters.add(waitsFor, 'pg_snapshot');
  return `select newest.size::text as size, ${snapshot}::text as waits_for, newest.passed_id is not null or exists (
  select from (${committedSince('newest.snapshot', snapshot, tables)}) committed where ${hasNoPosition('committed.key', tables)}
) as is_waiting
from (select size, snapshot, passed_id from ${tables.tick} order by number desc limit 1) newest`;
}

/** Position of a revision, which is that of its first row. Parameter: its id. */
export function positionOfSql({ position }: TableNames): string {
  return `select position::text as position from ${position} where change_id = $1::bigint`;
}

/** Revisions in the order of their positions, each with whether the filter finds it. */
export function feedSql({ filter, after, limit, waitsFor }: FeedSearch, tables: TableNames): BoundStatement {
  const parameters = new SqlParameters();
  const from = parameters.add(after, 'bigint');
  const until = parameters.add((BigInt(after) + FEED_WINDOW).toString(), 'bigint');
  const end = waitsFor === null ? feedEndSql(tables) : waitingEndSql(waitsFor, tables, parameters);
  const sql = `select feed.*, seen.* from (${end}) feed left join lateral (
  select r.position::text as position, ${REVISION_COLUMNS}, ${revisionMatches(filter, tables, parameters)} as matches, ${countsSql(filter, tables, parameters)}
  from (
    select p.position, r.* from ${tables.position} p join ${tables.change} r on r.id = p.change_id
    where p.position >= ${from} and p.position < ${until} and ${IS_REVISION}
    order by p.position limit ${parameters.add(limit, 'int')}
  ) r
) seen on true
order by seen.position::bigint`;
  return { sql, parameters: parameters.values };
}
