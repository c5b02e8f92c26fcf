import { HEADER_COLUMNS, HEADER_SIZE, headerValues } from '../tables/revision-header.js';
import type { TableNames } from '../tables/table-names.js';
import { READ_COLUMNS } from './inserted-columns.js';

/** One statement for a revision without changes and the reads in it: two lists, of types and of ids. */
export function recordSql({ change, read }: TableNames): string {
  const types = `$${HEADER_SIZE + 1}::text[]`;
  const ids = `$${HEADER_SIZE + 2}::text[]`;
  return `with revision as (
  insert into ${change} (${HEADER_COLUMNS}) values (${headerValues(1)}) returning id
), reads as (
  insert into ${read} (${READ_COLUMNS.join(', ')})
  select t, i, revision.id from unnest(${types}, ${ids}) as looked_at(t, i), revision
)
select id::text as revision_id from revision`;
}
