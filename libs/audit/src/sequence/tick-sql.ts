import { literal } from '../model/sql-names.js';
import { SqlParameters } from '../store/sql/sql-parameters.js';
import type { BoundStatement } from '../store/sql/sql-statement.js';
import type { TableNames } from '../store/tables/table-names.js';
import type { TickPlan } from './tick-plan.js';

/** The state of the trail as the transaction sees it, with the process and the server that answer. */
export function stateSql({ tick }: TableNames): string {
  return `select pg_current_snapshot()::text as now, pg_backend_pid() as pid, system.system_identifier::text as system, newest.*
from pg_control_system() system left join lateral (
  select number::text, snapshot::text, since::text, until_id::text, passed_id::text, size::text, system_identifier::text
  from ${tick} order by ${tick}.number desc limit 1
) newest on true`;
}

/** What has no position because its transaction was not in the snapshot before, as ids of revisions (alias `r`). */
function committedSince(since: string, snapshot: string, { change }: TableNames): string {
  const isRevision = `r.revision_id is null and pg_visible_in_snapshot(r.transaction_id, ${snapshot})`;
  // Not visible before means either begun later or in progress then. Both are looked up, so what is long open costs nothing.
  return `select r.id from ${change} r
  where ${isRevision} and r.transaction_id >= pg_snapshot_xmax(${since}) and r.transaction_id < pg_snapshot_xmax(${snapshot})
  union all
  select r.id from pg_snapshot_xip(${since}) open join ${change} r on r.transaction_id = open
  where ${isRevision}`;
}

/** Last row of a revision: it stands for the moment from which all locks of its transaction on what it tells were held. */
function lastRowOf(revision: string, { change }: TableNames): string {
  return `coalesce((select max(f.id) from ${change} f where f.revision_id = ${revision}), ${revision})`;
}

/**
 * Revisions without a position that a tick takes, as `key` (the id) and `last_id` (the last row), in the order of `last_id`.
 *
 * A transaction that changes what another one has changed waits until that has ended, and takes the ids of its own rows after
 * that. So of two revisions that tell of one entity, the one that ends with the higher id is the later one.
 */
export function revisionsSql(
  plan: TickPlan,
  limit: number,
  tables: TableNames,
  parameters: SqlParameters,
): string {
  const snapshot = parameters.add(plan.snapshot, 'pg_snapshot');
  const passed = parameters.add(plan.passedId ?? '0', 'bigint');
  const most = parameters.add(limit, 'int');
  const { change, position } = tables;
  const hasNone = (id: string) => `not exists (select from ${position} p where p.change_id = ${id})`;
  if (plan.since !== null) {
    const since = parameters.add(plan.since, 'pg_snapshot');
    return `select w.id as key, w.last_id from (
  select r.id, ${lastRowOf('r.id', tables)} as last_id from (${committedSince(since, snapshot, tables)}) r
  where ${hasNone('r.id')}
) w where w.last_id > ${passed} order by w.last_id limit ${most}`;
  }
  const isForeign = plan.untilId === null ? '' : `c.id <= ${parameters.add(plan.untilId, 'bigint')} or `;
  const isTaken = `(${isForeign}pg_visible_in_snapshot(c.transaction_id, ${snapshot}))`;
  return `select coalesce(c.revision_id, c.id) as key, c.id as last_id from ${change} c
where c.id > ${passed} and ${isTaken} and ${hasNone('c.id')}
  and not exists (select from ${change} f where f.revision_id = coalesce(c.revision_id, c.id) and f.id > c.id)
order by c.id limit ${most}`;
}

/**
 * Gives positions to all rows of the revisions of a tick. Answers with how many revisions there were, how many rows, and the last of
 * them.
 */
export function positionsSql(plan: TickPlan, limit: number, tables: TableNames): BoundStatement {
  const parameters = new SqlParameters();
  const revisions = revisionsSql(plan, limit, tables, parameters);
  const { change, position } = tables;
  const sql = `with taken as materialized (${revisions}), given as (
  insert into ${position} (position, change_id)
  select ${parameters.add(plan.size, 'bigint')} + row_number() over (order by last_id, id) - 1, id from (
    select c.id, t.last_id from taken t join ${change} c on c.id = t.key
    union all
    select c.id, t.last_id from taken t join ${change} c on c.revision_id = t.key
  ) c
  where not exists (select from ${position} p where p.change_id = c.id)
  returning change_id
)
select (select count(*) from taken)::int as revisions, count(*)::text as rows, max(change_id)::text as last_id from given`;
  return { sql, parameters: parameters.values };
}

/** Stores a tick. Parameters: number, kind, snapshot, since, until, passed, size, system identifier. */
export function tickSql({ tick }: TableNames): string {
  return `insert into ${tick} (number, kind, snapshot, since, until_id, passed_id, size, system_identifier)
values ($1::bigint, $2::text, $3::pg_snapshot, $4::pg_snapshot, $5::bigint, $6::bigint, $7::bigint, $8::bigint)`;
}

/**
 * Whether rows that can be seen have ids of transactions that have not been: they came from another server. Parameter: a snapshot of
 * now.
 */
export function isForeignSql({ change, position }: TableNames): string {
  return `select exists (
  select from ${change} r
  where r.revision_id is null and r.transaction_id >= pg_snapshot_xmin($1::pg_snapshot)
    and not pg_visible_in_snapshot(r.transaction_id, $1::pg_snapshot)
    and not exists (select from ${position} p where p.change_id = r.id)
) as foreign`;
}

/**
 * Gives positions to rows that no other tick finds, because they say to be of a transaction that has its positions already, or of one
 * that has not been yet. Parameters: the ids between which it looks, the snapshots of the newest tick and of now, and the number of
 * positions. Answers as `positionsSql` does.
 */
export function lateRowsSql({ change, position }: TableNames): string {
  return `with given as (
  insert into ${position} (position, change_id)
  select $5::bigint + row_number() over (order by c.id) - 1, c.id from ${change} c
  where c.id > $1::bigint and c.id <= $2::bigint
    and (pg_visible_in_snapshot(c.transaction_id, $3::pg_snapshot) or c.transaction_id >= pg_snapshot_xmax($4::pg_snapshot))
    and not exists (select from ${position} p where p.change_id = c.id)
  returning change_id
)
select 0 as revisions, count(*)::text as rows, max(change_id)::text as last_id from given`;
}

/** The newest row that can be seen. */
export function newestRowSql({ change }: TableNames): string {
  return `select coalesce(max(id), 0)::text as id from ${change}`;
}

/** Transactions that may have added rows and have not ended. */
export function writersSql({ change }: TableNames): string {
  return `select virtualtransaction as writer from pg_locks
where locktype = 'relation' and relation = ${regclass(change)} and mode = 'RowExclusiveLock' and granted
  and database = (select oid from pg_database where datname = current_database())`;
}

/** Key of the advisory lock of the one sequencer of a trail: "MA" in front of the table's own number. */
export function lockKeySql({ tick }: TableNames): string {
  return `((x'4d41'::bigint << 32) | ${regclass(tick)}::bigint)`;
}

function regclass(table: string): string {
  return `${literal(table)}::regclass::oid`;
}

/** The last id of the next rows. Parameters: the id after which they come, and how many. Null where there are none. */
export function pageEndSql({ change }: TableNames): string {
  return `select max(id)::text as id from (select id from ${change} where id > $1::bigint order by id limit $2::int) page`;
}
