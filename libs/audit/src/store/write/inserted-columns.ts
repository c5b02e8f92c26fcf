import { BRIEF_COLUMNS, HEADER_COLUMNS } from '../tables/revision-header.js';

/** Of a change itself, as the statements write them. */
const CHANGE_COLUMNS =
  'entity_type, entity_id, part_of_type, part_of_id, operation, before, after, labels, part_of_id_before, renamed_to, targets';

/** Columns of the first change of a revision. */
export const FIRST_COLUMNS = `${HEADER_COLUMNS}, ${CHANGE_COLUMNS}`;

/** A further change repeats who, when and why. */
export const FURTHER_COLUMNS = `revision_id, ${BRIEF_COLUMNS.join(', ')}, ${CHANGE_COLUMNS}`;

/** All that any statement writes into `audit_change`. The rest is left to defaults. */
export const INSERTED_COLUMNS: readonly string[] = [
  ...new Set(`${FIRST_COLUMNS}, ${FURTHER_COLUMNS}`.split(', ')),
];

/** The same of `audit_read`. */
export const READ_COLUMNS: readonly string[] = ['entity_type', 'entity_id', 'revision_id'];
