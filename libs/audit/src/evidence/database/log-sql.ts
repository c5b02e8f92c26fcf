import { SEALED_BYTES, sealedRowSelect } from '../leaf/sealed-columns.js';
import { HASH_BYTES } from '../merkle/hashes.js';
import type { LogTables } from './log-tables.js';

/** Positions that are read at once. */
export const PAGE = 1_000;
/** Bytes of values with which a page ends early: rows can be large. */
const PAGE_BYTES = 4 * 1024 * 1024;
/** A position that is not one of these is not in the log, whoever has written it: nothing is proved of it. */
const MOST_POSITION = Number.MAX_SAFE_INTEGER - 1;

/** All as text, so that no type parser of an app is asked. */
const LEAF_COLUMNS = `l.position::text as "position", p.change_id::text as "changeId",
  ${hexOf('l.hash')} as "leafHash", ${hexOf('l.seed')} as "seed", l.salts::text as "salts"`;

/** A row that should be sealed by now is older than that, or says that it is from the future. */
const TIME_TO_BE_SEALED = `interval '1 hour'`;

/** Hexadecimal of a hash or seed. Of one that is too long as much as shows that it is none: somebody may have stored gigabytes. */
function hexOf(column: string): string {
  return `encode(substr(${column}, 1, ${HASH_BYTES + 1}), 'hex')`;
}

/**
 * The row of the change with an id, as `c`; null where it is gone. Each is looked up by itself: whatever PostgreSQL believes of the tables,
 * it must not read all of one for a page of the other.
 */
function changeOf(id: string, { change }: LogTables): string {
  return `left join lateral (select * from ${change} c where c.id = ${id} offset 0) c on true`;
}

/** Leaves with what they are of: the position may be gone, and the row, and the leaf is still there. */
function leavesWithRows(tables: LogTables): string {
  const { position, leaf } = tables;
  return `${leaf} l left join lateral (select * from ${position} p where p.position = l.position offset 0) p on true
${changeOf('p.change_id', tables)}`;
}

/** A page of leaves with their rows, from the position `$1` on. */
export function leavesSql(tables: LogTables): string {
  return `select ${LEAF_COLUMNS}, ${sealedRowSelect(tables.read)}
from ${leavesWithRows(tables)}
where l.position >= $1::bigint and l.position <= ${pageEnd(tables.leaf, `(select min(p.change_id) from ${tables.position} p where p.position = o.position)`, tables)}
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
where c.entity_type = $2 and c.entity_id = $3 and l.position >= $1::bigint and l.position <= ${MOST_POSITION} order by l.position limit ${PAGE}`;
}

/** A page of rows that are to be sealed, from the position `$1` on; the columns are null where a row is gone. */
export function unsealedSql(tables: LogTables): string {
  return `select p.position::text as "position", ${sealedRowSelect(tables.read)}
from ${tables.position} p ${changeOf('p.change_id', tables)}
where p.position >= $1::bigint and p.position <= ${pageEnd(tables.position, 'o.change_id', tables)}
order by p.position limit ${PAGE}`;
}

/**
 * The last position of a page that begins at `$1`: its values before the last row have less than so many bytes.
 * @param of the table of positions, and `changeId` how its row `o` has the id of the change
 */
function pageEnd(of: string, changeId: string, { change }: LogTables): string {
  return `(
  select max(sized.position) from (
    select page.position, sum(page.bytes) over (order by page.position) - page.bytes as bytes_before
    from (
      select o.position, coalesce((select sum(${SEALED_BYTES}) from ${change} c where c.id = ${changeId}), 0) as bytes
      from ${of} o where o.position >= $1::bigint and o.position <= ${MOST_POSITION} order by o.position limit ${PAGE}
    ) page
  ) sized where sized.bytes_before < ${PAGE_BYTES}
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
  return `select coalesce(max(l.position) + 1, 0)::text as size from ${leaf} l
where l.position >= 0 and l.position <= ${MOST_POSITION}`;
}

/** `$1` hashes of a level from `$2` on and before `$3`. */
export function hashesSql({ leaf, treeHash }: LogTables, level: number): string {
  return level === 0
    ? `select l.position::text as index, ${hexOf('l.hash')} as hash from ${leaf} l
where 0 = $1::int and l.position >= $2::bigint and l.position < $3::bigint order by l.position`
    : `select h.index::text as index, ${hexOf('h.hash')} as hash from ${treeHash} h
where h.level = $1::int and h.index >= $2::bigint and h.index < $3::bigint order by h.index`;
}

/**
 * A page of rows that are not sealed, from the id `$1` on; those without an id come at the end of the first page, which `$2` says it is. Whoever owns the tables
 * can take their constraints away, so that there are rows without an id or a time.
 */
export function unsealedRowsSql(tables: LogTables): string {
  return `(${unsealedRows('c.id >= $1::bigint', tables)} order by c.id limit ${PAGE})
union all (${unsealedRows('$2::boolean and c.id is null', tables)} limit ${PAGE})`;
}

function unsealedRows(condition: string, { change, position, leaf }: LogTables): string {
  return `select c.id::text as id from ${change} c
where ${condition}
  and not exists (
    select from ${position} p join ${leaf} l on l.position = p.position
    where p.change_id = c.id and l.position >= 0 and l.position <= ${MOST_POSITION}
  )
  and (
    c.recorded_at between clock_timestamp() - ${TIME_TO_BE_SEALED} and clock_timestamp() + ${TIME_TO_BE_SEALED}
  ) is not true`;
}
