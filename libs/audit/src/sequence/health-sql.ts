import type { TableNames } from '../store/tables/table-names.js';
import { strangerSql } from './stranger-sql.js';
import { lockKeySql } from './tick-sql.js';

/** The newest tick, who has the lock, and how many rows were found late. */
export function standingSql(tables: TableNames): string {
  const { tick } = tables;
  const key = lockKeySql(tables);
  return `select (extract(epoch from newest.taken_at) * 1000)::float8 as taken_at,
  exists (
    select from pg_locks where locktype = 'advisory' and granted and objsubid = 1
      and database = (select oid from pg_database where datname = current_database())
      and (classid::bigint << 32 | objid::bigint) = ${key}
  ) as is_held,
  (${strangerSql(tables)}) as stranger,
  (select count(*)::int from ${tick} where kind = 'late') as late_ticks
from (select) one left join lateral (select taken_at from ${tick} order by number desc limit 1) newest on true`;
}

/** How many positions are sealed, how many of them the newest checkpoint of the log `$1` covers, and when that was published last. */
export function sealedSql({ leaf, checkpoint }: TableNames): string {
  return `select (select coalesce(max(l.position) + 1, 0)::text from ${leaf} l) as sealed,
  newest.size::text as covered, (extract(epoch from newest.published_at) * 1000)::float8 as published_at
from (select) one
left join lateral (select c.size, c.published_at from ${checkpoint} c
  where starts_with(c.note, $1::text || chr(10)) order by c.size desc, c.published_at desc limit 1) newest on true`;
}
