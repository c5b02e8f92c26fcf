import { sealedRowSelect } from '../leaf/sealed-columns.js';
import type { LogTables } from './log-tables.js';

/** Positions that are read at once. */
export const PAGE = 1_000;

/** All as text, so that no type parser of an app is asked. */
const POSITION_COLUMNS = `p.position::text as "position", p.change_id::text as "changeId",
  encode(p.leaf_hash, 'hex') as "leafHash", encode(p.seed, 'hex') as "seed", p.salts::text as "salts"`;

/** A row that should have a position by now is older than that, or says that it is from the future. */
const TIME_TO_BE_PLACED = `interval '1 hour'`;

/** A page of positions with their rows, from `$1` on. */
export function positionsSql({ change, read, position }: LogTables): string {
  return `select ${POSITION_COLUMNS}, ${sealedRowSelect(read)}
from ${position} p left join ${change} c on c.id = p.change_id
where p.position >= $1::bigint order by p.position limit ${PAGE}`;
}

/** Those of the positions `$1`, a JSON array. */
export function positionsAtSql({ change, read, position }: LogTables): string {
  return `select ${POSITION_COLUMNS}, ${sealedRowSelect(read)}
from ${position} p left join ${change} c on c.id = p.change_id
where p.position = any (select value::bigint from jsonb_array_elements_text($1::jsonb)) order by p.position`;
}

/** A page of the positions of an entity (`$2`, `$3`), from `$1` on. */
export function positionsOfSql({ change, read, position }: LogTables): string {
  return `select ${POSITION_COLUMNS}, ${sealedRowSelect(read)}
from ${change} c join ${position} p on p.change_id = c.id
where c.entity_type = $2 and c.entity_id = $3 and p.position >= $1::bigint order by p.position limit ${PAGE}`;
}

export function sizeSql({ position }: LogTables): string {
  return `select coalesce(max(p.position) + 1, 0)::text as size from ${position} p`;
}

/** `$1` hashes of a level from `$2` on and before `$3`. */
export function hashesSql({ position, hash }: LogTables, level: number): string {
  return level === 0
    ? `select p.position::text as index, encode(p.leaf_hash, 'hex') as hash from ${position} p
where 0 = $1::int and p.position >= $2::bigint and p.position < $3::bigint order by p.position`
    : `select h.index::text as index, encode(h.hash, 'hex') as hash from ${hash} h
where h.level = $1::int and h.index >= $2::bigint and h.index < $3::bigint order by h.index`;
}

/** A page of rows that have no position, after the id `$1`. */
export function withoutPositionSql({ change, position }: LogTables): string {
  return `select c.id::text as id from ${change} c
where c.id > $1::bigint and not exists (select from ${position} p where p.change_id = c.id)
  and (c.recorded_at < clock_timestamp() - ${TIME_TO_BE_PLACED} or c.recorded_at > clock_timestamp() + ${TIME_TO_BE_PLACED})
order by c.id limit ${PAGE}`;
}
