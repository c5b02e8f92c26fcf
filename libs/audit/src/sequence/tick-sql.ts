import { literal } from '../model/sql-names.js';
import { SqlParameters } from '../store/sql/sql-parameters.js';
import type { BoundStatement } from '../store/sql/sql-statement.js';
import type { TableNames } from '../store/tables/table-names.js';
import { committedSince, hasNoPosition } from '../store/tables/unplaced-rows.js';
import type { TickPlan } from './tick-plan.js';

/** The state of the trail as the transaction sees it, with the process and the server that answer. */
export function stateSql({ tick, position }: TableNames): string {
  return `select pg_current_snapshot()::text as now, pg_backend_pid() as pid, system.system_identifier::text as system,
  (select greatest(max(p.position)::numeric + 1, 0)::text from ${position} p) as given, newest.*
from pg_control_system() system left join lateral (
  select number::text, snapshot::text, since::text, until_id::text, passed_id::text, size::text, system_identifier::text
  from ${tick} order by ${tick}.number desc limit 1
) newest on true`;
}

/** Revisions of a trail in the order of their last rows, as many as a tick takes. */
function fromTheBeginning(
  plan: TickPlan,
  limit: number,
  tables: TableNames,
  parameters: SqlParameters,
): string {
  const snapshot = parameters.add(plan.snapshot, 'pg_snapshot');
  const isForeign = plan.untilId === null ? '' : `c.id <= ${parameters.add(plan.untilId, 'bigint')} or `;
  return `select coalesce(c.revision_id, c.id) as key from ${tables.change} c
where c.id > ${parameters.add(plan.passedId ?? '0', 'bigint')}
  and (${isForeign}pg_visible_in_snapshot(c.transaction_id, ${snapshot})) and ${hasNoPosition('c.id', tables)}
  and (select true from ${tables.change} f where f.revision_id = coalesce(c.revision_id, c.id) and f.id > c.id limit 1) is null
order by c.id limit ${parameters.add(limit, 'int')}`;
}

/** Revisions that a tick takes, as `key`; what has a position already may be among them. */
function revisionsSql(plan: TickPlan, limit: number, tables: TableNames, parameters: SqlParameters): string {
  if (plan.since === null) {
    return fromTheBeginning(plan, limit, tables, parameters);
  }
  const [since, snapshot] = [plan.since, plan.snapshot].map((one) => parameters.add(one, 'pg_snapshot'));
  return committedSince(since as string, snapshot as string, tables);
}

/** Revisions without a position, at most as many, and when the first of them was written. */
export function waitingSql(plan: TickPlan, limit: number, tables: TableNames): BoundStatement {
  const parameters = new SqlParameters();
  const revisions = revisionsSql(plan, limit, tables, parameters);
  const sql = `select count(*)::int as waiting, (extract(epoch from min(c.recorded_at)) * 1000)::float8 as waiting_since
from (
  select key from (${revisions}) w where ${hasNoPosition('w.key', tables)} limit ${parameters.add(limit, 'int')}
) w join ${tables.change} c on c.id = w.key`;
  return { sql, parameters: parameters.values };
}

/**
 * Gives positions to all rows of the revisions of a tick. Answers with how many revisions there were, how many rows, and the last of
 * them.
 *
 * A transaction that changes what another one has changed waits until that has ended, and takes the ids of its own rows after
 * that. So of two revisions that tell of one entity, the one whose last row has the higher id is the later one.
 */
export function positionsSql(plan: TickPlan, limit: number, tables: TableNames): BoundStatement {
  const parameters = new SqlParameters();
  const revisions = revisionsSql(plan, limit, tables, parameters);
  const { change, position } = tables;
  const sql = `with told as (
  select c.id, max(c.id) over (partition by w.key) as last_id
  from (${revisions}) w cross join lateral (
    select w.key as id
    union all
    select f.id from ${change} f where f.revision_id = w.key
  ) c
), taken as materialized (
  select * from (
    select id, last_id, dense_rank() over (order by last_id) as n
    from told where last_id > ${parameters.add(plan.passedId ?? '0', 'bigint')}
  ) ranked
  where n <= ${parameters.add(limit, 'int')} and ${hasNoPosition('ranked.id', tables)}
), given as (
  insert into ${position} (position, change_id)
  select ${parameters.add(plan.size, 'bigint')} + row_number() over (order by last_id, id) - 1, id from taken
  returning 1
)
select coalesce(max(n), 0)::int as revisions, count(*)::text as rows, max(id)::text as last_id from taken`;
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
export function isForeignSql(tables: TableNames): string {
  return `select exists (
  select from ${tables.change} r
  where r.revision_id is null and r.transaction_id >= pg_snapshot_xmin($1::pg_snapshot)
    and not pg_visible_in_snapshot(r.transaction_id, $1::pg_snapshot)
    and ${hasNoPosition('r.id', tables)}
) as foreign`;
}

/**
 * Gives positions to rows that no other tick finds, because they say to be of a transaction that has its positions already, or of one
 * that has not been yet. Parameters: the ids between which it looks, the snapshots of the newest tick and of now, and the number of
 * positions. Answers as `positionsSql` does.
 */
export function lateRowsSql(tables: TableNames): string {
  const { change, position } = tables;
  return `with given as (
  insert into ${position} (position, change_id)
  select $5::bigint + row_number() over (order by c.id) - 1, c.id from ${change} c
  where c.id > $1::bigint and c.id <= $2::bigint
    and (pg_visible_in_snapshot(c.transaction_id, $3::pg_snapshot) or c.transaction_id >= pg_snapshot_xmax($4::pg_snapshot))
    and ${hasNoPosition('c.id', tables)}
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
