import {
  jsonBytesSql,
  readableSelect,
  SEALED_BYTES,
  SELECTED_BYTES,
  SOURCE_COLUMNS,
  sealedRowSelect,
} from '../leaf/sealed-columns.js';
import { HASH_BYTES } from '../merkle/hashes.js';
import type { LogTables } from './log-tables.js';

/** Positions that are read at once. */
export const PAGE = 1_000;
/** Rows of one position that are read: where there are two, the others tell nothing more, and somebody may have planted millions. */
const TWINS = 2;
/** Characters of the salts of one row, which hold one for each of its values. Of longer ones as much as shows that they are none. */
const MOST_SALTS = 16 * 1024 * 1024;
/** Bytes of values with which a page ends early: rows can be large. */
const PAGE_BYTES = 4 * 1024 * 1024;
/** A position that is not one of these is not in the log, whoever has written it: nothing is proved of it. */
const MOST_POSITION = Number.MAX_SAFE_INTEGER - 1;

/** A row that should be sealed by now is older than that, or says that it is from the future. */
const TIME_TO_BE_SEALED = `interval '1 hour'`;

/** Hexadecimal of a hash or seed. Of one that is too long as much as shows that it is none: somebody may have stored gigabytes. */
function hexOf(column: string): string {
  return `encode(substr(${column}, 1, ${HASH_BYTES + 1}), 'hex')`;
}

/**
 * The row of a table with a value in a column, and another one where there should be only one. Each is looked up by itself: whatever
 * PostgreSQL believes of the tables, it must not read all of one for a page of the other.
 */
function lookup(table: string, column: string, value: string): string {
  return `lateral (select * from ${table} t where t.${column} = ${value} limit ${TWINS})`;
}

/** A page of leaves with their rows, from the position `$1` on. */
export function leavesSql(tables: LogTables): string {
  return leavesOn(firstOf(tables.leaf, 'o.position >= $1::bigint'), tables);
}

/** A page of those of the positions `$1`, a JSON array. */
export function leavesAtSql(tables: LogTables): string {
  const given = 'o.position = any (array(select value::bigint from jsonb_array_elements_text($1::jsonb)))';
  return leavesOn(firstOf(tables.leaf, given), tables);
}

/** A page of the leaves of an entity (`$2`, `$3`), from the position `$1` on. */
export function leavesOfSql(tables: LogTables): string {
  const { change, position, leaf } = tables;
  const ofEntity = `(select distinct p.position from ${change} c join ${position} p on p.change_id = c.id where c.entity_type = $2 and c.entity_id = $3)`;
  const page = firstOf(ofEntity, 'o.position >= $1::bigint');
  return leavesOn(
    `(select l.* from ${page} page join ${lookup(leaf, 'position', 'page.position')} l on true)`,
    tables,
  );
}

/** The first ones that a condition names of what has positions, called `o` there. */
function firstOf(table: string, condition: string): string {
  return `(select o.* from ${table} o where ${condition} and o.position <= ${MOST_POSITION} order by o.position limit ${PAGE})`;
}

/** Leaves with their rows: the position may be gone, and the row, and the leaf is still there. */
function leavesOn(leaves: string, tables: LogTables): string {
  return sealedRows(
    {
      changeId: 'p.change_id::text',
      leafHash: hexOf('l.hash'),
      seed: hexOf('l.seed'),
      salts: `left(l.salts::text, ${MOST_SALTS})`,
    },
    'l.position',
    jsonBytesSql('l.salts'),
    `${leaves} l
    left join ${lookup(tables.position, 'position', 'l.position')} p on true`,
    tables,
  );
}

/** A page of rows that are to be sealed, from the position `$1` on and before `$2`; the columns are null where a row is gone. */
export function unsealedSql(tables: LogTables): string {
  const page = firstOf(tables.position, 'o.position >= $1::bigint and o.position < $2::bigint');
  return sealedRows({}, 'p.position', '0', `${page} p`, tables);
}

/**
 * Sealed rows in the order of their positions, as long as the values of the positions before them have less than so many bytes: by
 * what is known without reading them first, and then by what they really have. All that is read of a position comes at once, so that
 * none is left over, and the first one always comes.
 * @param columns more of them by name, all as text, so that no type parser of an app is asked
 * @param position of a row of `from`
 * @param bytes of these columns
 * @param from where the positions are, `p.change_id` among it
 */
function sealedRows(
  columns: Readonly<Record<string, string>>,
  position: string,
  bytes: string,
  from: string,
  { change, read }: LogTables,
): string {
  const named = Object.entries(columns)
    .map(([name, sql]) => `, ${sql} as "${name}"`)
    .join('');
  const namesOf = (row: string) =>
    Object.keys(columns)
      .map((name) => `, ${row}."${name}"`)
      .join('');
  return `select r."position"::text${namesOf('r')}, ${readableSelect('r.bytes')}
from (
  select r.*, ${bytesBefore('r')} as bytes_before
  from (
    select r.*, ${summable(SELECTED_BYTES)} as bytes
    from (
      select c."position"${namesOf('c')}, ${sealedRowSelect(read)}
      from (
        select c.*, ${bytesBefore('c')} as bytes_before, 1 + row_number() over (${before('c')}) - rank() over (${before('c')}) as twin
        from (
          select ${position}::bigint as "position"${named}, ${summable(`${SEALED_BYTES} + ${bytes}`)} as bytes, ${SOURCE_COLUMNS}
          from ${from}
          left join ${lookup(change, 'id', 'p.change_id')} c on true
        ) c
      ) c
      where c.bytes_before < ${PAGE_BYTES} and c.twin <= ${TWINS}
      order by c.position limit ${PAGE}
    ) r
  ) r
) r
where r.bytes_before < ${PAGE_BYTES}
order by r.position`;
}

/** As an `int`, of which sums are no slow `numeric`. */
function summable(bytes: string): string {
  return `least(${bytes}, ${10 ** 9})::int`;
}

/** Bytes of all rows of the positions before that of a row. */
function bytesBefore(row: string): string {
  return `coalesce(sum(${row}.bytes) over (${before(row)}), 0)`;
}

/** One window for all that is asked of it: each one copies the rows, which are wide. */
function before(row: string): string {
  return `order by ${row}.position groups between unbounded preceding and 1 preceding`;
}

/**
 * Stores leaves from the position `$1` on: `$2` their hashes and `$3` their seeds, one behind the other, a seed of nothing but zeros
 * where there is none. The server takes bytes as they are, and would have to read JSON.
 */
export function storeLeavesSql({ leaf }: LogTables): string {
  const nth = (bytes: string) => `substr(${bytes}::bytea, 1 + n * ${HASH_BYTES}, ${HASH_BYTES})`;
  return `insert into ${leaf} (position, hash, seed)
select $1::bigint + n, ${nth('$2')}, nullif(${nth('$3')}, decode(repeat('00', ${HASH_BYTES}), 'hex'))
from generate_series(0, octet_length($2::bytea) / ${HASH_BYTES} - 1) n`;
}

/** Stores hashes above level 0: `$1`, a JSON array of objects with level, index and hash, hexadecimal. */
export function storeHashesSql({ treeHash }: LogTables): string {
  return `insert into ${treeHash} (level, index, hash)
select level, index, decode(hash, 'hex')
from jsonb_to_recordset($1::jsonb) as given (level int, index bigint, hash text)`;
}

export function sizeSql({ leaf }: LogTables): string {
  return `select coalesce(max(l.position)::bigint + 1, 0)::text as size from ${leaf} l
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
 * A page of rows that are not sealed, from the id `$1` on; those without an id come at the end of the first page, which `$2` says it is. The owner of the tables
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
