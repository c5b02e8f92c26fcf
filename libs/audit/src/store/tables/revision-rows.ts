import { BRIEF_COLUMNS, FIRST_ROW_COLUMNS } from './revision-header.js';
import type { TableNames } from './table-names.js';

/** The part that a row of `audit_change` has in its revision: its first change, a further one, or an action without one. */
export type RowPart = 'first' | 'further' | 'action';

/** As the partial indexes say it, so that PostgreSQL takes them. */
const PARTS: Readonly<Record<RowPart, readonly string[]>> = {
  first: ['revision_id is null', 'entity_type is not null'],
  further: ['revision_id is not null'],
  action: ['entity_type is null'],
};

export function isPart(part: RowPart, alias: string): string {
  return PARTS[part].map((condition) => `${alias}.${condition}`).join(' and ');
}

/** Whether a row (alias `r`) is a revision: a first change or an action. */
export const IS_REVISION = 'r.revision_id is null';

/** Id of the revision of a change (alias `c`). */
export const REVISION_ID = 'coalesce(c.revision_id, c.id)';

/** The columns of a change itself. */
const CHANGE_COLUMNS: readonly string[] = [
  'id',
  'revision_id',
  'entity_type',
  'entity_id',
  'part_of_type',
  'part_of_id',
  'part_of_id_before',
  'renamed_to',
  'operation',
  'before',
  'after',
  'labels',
];

/**
 * Joins changes (alias `c`) to their revisions (alias `r`), or to what they have of them themselves. Nothing is looked up
 * for a first change, which has all of its revision.
 */
export function revisionJoin({ change }: TableNames, { isWhole }: { readonly isWhole: boolean }): string {
  if (!isWhole) {
    return `cross join lateral (select ${REVISION_ID} as id, ${columnsOf('c', BRIEF_COLUMNS)}) r`;
  }
  const columns = ['id', ...BRIEF_COLUMNS, ...FIRST_ROW_COLUMNS];
  return `cross join lateral (
  select ${columnsOf('c', columns)} where c.revision_id is null
  union all
  select ${columnsOf('first', columns)} from ${change} first where first.id = c.revision_id
) r`;
}

/** The changes (alias `c`) of a revision, of which all columns are at hand (alias `r`). */
export function changesOfRevision({ change }: TableNames): string {
  return `(
  select ${columnsOf('r', CHANGE_COLUMNS)} where r.entity_type is not null
  union all
  select ${columnsOf('c', CHANGE_COLUMNS)} from ${change} c where c.revision_id = r.id
) c`;
}

function columnsOf(alias: string, columns: readonly string[]): string {
  return columns.map((column) => `${alias}.${column}`).join(', ');
}
