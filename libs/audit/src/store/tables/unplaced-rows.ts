import { IS_REVISION } from './revision-rows.js';
import type { TableNames } from './table-names.js';

/**
 * Whether a row has no position. Each is looked up by itself: whatever PostgreSQL believes of the tables, it must not read all of
 * one for a few rows of the other.
 * @param id of the row, as SQL
 */
export function hasNoPosition(id: string, { position }: TableNames): string {
  return `(select true from ${position} p where p.change_id = ${id}) is null`;
}

/**
 * Revisions, as `key`, that a snapshot sees and an earlier one does not; some may have positions already.
 * @param since the earlier one, and `snapshot` the later one, both as SQL
 */
export function committedSince(since: string, snapshot: string, { change }: TableNames): string {
  const isSeen = `${IS_REVISION} and pg_visible_in_snapshot(r.transaction_id, ${snapshot})`;
  // Not visible before means either begun later or in progress then. Both are looked up, so what is long open costs nothing.
  return `select r.id as key from ${change} r
  where ${isSeen} and r.transaction_id >= pg_snapshot_xmax(${since}) and r.transaction_id < pg_snapshot_xmax(${snapshot})
  union all
  select r.id from pg_snapshot_xip(${since}) open join ${change} r on r.transaction_id = open
  where ${isSeen}`;
}
