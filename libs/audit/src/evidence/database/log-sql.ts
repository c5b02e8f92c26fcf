import { sealedRowSelect } from '../leaf/sealed-columns.js';
import type { LogTables } from './log-tables.js';

/** Positions that are read at once. */
export const PAGE = 1_000;
/** Bytes of values, as they are stored, with which a page ends early: rows can be large. */
const PAGE_BYTES = 4 * 1024 * 1024;

/** All as text, so that no type parser of an app is asked. */
const LEAF_COLUMNS = `l.position::text as "position", p.change_id::text as "changeId",
  encode(l.hash, 'hex') as "leafHash", encode(l.seed, 'hex') as "seed", l.salts::text as "salts"`;

/** A row that should be sealed by now is older than that, or says that it is from the future. */
const TIME_TO_BE_SEALED = `interval '1 hour'`;

/** Where a row is not what a position names any more, the leaf is still there. */
function leavesWithRows({ change, position, leaf }: LogTables): string {
  return `${leaf} l left join ${position} p on p.position = l.position left join ${change} c on c.id = p.change_id`;
}

/** A page of leaves with their rows, from the position `$1` on. */
export function leavesSql(tables: LogTables): string {
  return `select ${LEAF_COLUMNS}, ${sealedRowSelect(tables.read)}
from ${leavesWithRows(tables)}
where l.position >= $1::bigint and l.position <= ${pageEnd(tables.leaf, tables)}
order by l.position limit ${PAGE}`;
}

/** Those of the positions `$1`, a JSON array. */
export function leavesAtSql(tables: LogTables): string {
  return `select ${LEAF_COLUMNS}, ${sealedRowSelect(tables.read)}
from ${leavesWithRows(tables)}
where l.position = any (select value::bigint from jsonb_array_elements_text($1::jsonb)) order by l.position`;
}

/** A page of the leaves of an entity (`$2`, `$3`), from the position `$1` on. */
export function leavesOfSql({ change, read, position, leaf }: LogTables): string {
  return `select ${LEAF_COLUMNS}, ${sealedRowSelect(read)}
from ${change} c join ${position} p on p.change_id = c.id join ${leaf} l on l.position = p.position
where c.entity_type = $2 and c.entity_id = $3 and l.position >= $1::bigint order by l.position limit ${PAGE}`;
}

/** A page of rows that are to be sealed, from the position `$1` on; the columns are null where a row is gone. */
export function unsealedSql(tables: LogTables): string {
  const { change, read, position } = tables;
  return `select p.position::text as "position", ${sealedRowSelect(read)}
from ${position} p left join ${change} c on c.id = p.change_id
where p.position >= $1::bigint and p.position <= ${pageEnd(position, tables)}
order by p.position limit ${PAGE}`;
}

/** The last position of a page that begins at `$1`. */
function pageEnd(of: string, { change, position }: LogTables): string {
  return `(
  select max(sized.position) from (
    select page.position, sum(coalesce(pg_column_size(c.before), 0) + coalesce(pg_column_size(c.after), 0)) over (order by page.position) as bytes
    from (select o.position from ${of} o where o.position >= $1::bigint order by o.position limit ${PAGE}) page
    left join ${position} p on p.position = page.position left join ${change} c on c.id = p.change_id
  ) sized where sized.bytes < ${PAGE_BYTES} or sized.position = (select min(o.position) from ${of} o where o.position >= $1::bigint)
)`;
}

/** Stores leaves: `$1`, a JSON array of objects with position, hash and seed, both hexadecimal. */
export function storeLeavesSql({ leaf }: LogTables): string {
  return `insert into ${leaf} (position, hash, seed)
select position, decode(hash, 'hex'), decode(seed, 'hex')
from jsonb_to_recordset($1::jsonb) as given (position bigint, hash text, seed text)`;
}

/** Stores hashes above level 0: `$1`, a JSON array of objects with level, index and hash, hexadecimal. */
export function storeHashesSql({ treeHash }: LogTables): string {
  return `insert into ${treeHash} (level, index, hash)
select level, index, decode(hash, 'hex')
from jsonb_to_recordset($1::jsonb) as given (level int, index bigint, hash text)`;
}

export function sizeSql({ leaf }: LogTables): string {
  return `select coalesce(max(l.position) + 1, 0)::text as size from ${leaf} l`;
}

/** `$1` hashes of a level from `$2` on and before `$3`. */
export function hashesSql({ leaf, treeHash }: LogTables, level: number): string {
  return level === 0
    ? `select l.position::text as index, encode(l.hash, 'hex') as hash from ${leaf} l
where 0 = $1::int and l.position >= $2::bigint and l.position < $3::bigint order by l.position`
    : `select h.index::text as index, encode(h.hash, 'hex') as hash from ${treeHash} h
where h.level = $1::int and h.index >= $2::bigint and h.index < $3::bigint order by h.index`;
}

/** A page of rows that are not sealed, after the id `$1`. */
export function unsealedRowsSql({ change, position, leaf }: LogTables): string {
  return `select c.id::text as id from ${change} c
where c.id > $1::bigint
  and not exists (
    select from ${position} p join ${leaf} l on l.position = p.position where p.change_id = c.id
  )
  and (c.recorded_at < clock_timestamp() - ${TIME_TO_BE_SEALED} or c.recorded_at > clock_timestamp() + ${TIME_TO_BE_SEALED})
order by c.id limit ${PAGE}`;
}
