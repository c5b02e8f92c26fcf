import type { TableNames } from '../store/tables/table-names.js';

/** A change by its id; null where it has not come so far. */
export interface SealRow {
  readonly id: string;
  /** Whether there is such a row at all. */
  readonly is_there: boolean;
  readonly position: string | null;
  readonly is_sealed: boolean;
  readonly size: string | null;
  /** Milliseconds since 1970. */
  readonly published_at: number | null;
}

/** How the changes `$1` stand in the log, each with the first checkpoint that covers it. */
export function sealsSql({ change, position, leaf, checkpoint }: TableNames): string {
  return `select asked.id::text as id, c.id is not null as is_there, p.position::text as position,
  l.position is not null as is_sealed, covering.size::text as size,
  (extract(epoch from covering.published_at) * 1000)::float8 as published_at
from unnest($1::bigint[]) asked(id)
left join ${change} c on c.id = asked.id
left join ${position} p on p.change_id = asked.id
left join ${leaf} l on l.position = p.position
left join lateral (
  select k.size, k.published_at from ${checkpoint} k where k.size > l.position order by k.size, k.published_at limit 1
) covering on true`;
}

/** The text of the first checkpoint of more than `$1` positions. */
export function coveringNoteSql({ checkpoint }: TableNames): string {
  return `select k.note from ${checkpoint} k where k.size > $1::bigint order by k.size, k.published_at limit 1`;
}

/** The text of the newest checkpoint. */
export function newestNoteSql({ checkpoint }: TableNames): string {
  return `select k.note from ${checkpoint} k order by k.size desc, k.published_at desc limit 1`;
}
