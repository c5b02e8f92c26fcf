import type { NewRevision } from './stored-change.js';

/** Columns of a new revision and how their values are read from bound parameters, in the order of `headerParameters`. */
const COLUMNS = [
  ['actor_type', 'text'],
  ['actor_id', 'text'],
  ['actor_label', 'text'],
  ['on_behalf_of', 'jsonb'],
  ['authentication_method', 'text'],
  ['action', 'text'],
  ['reason', 'text'],
  ['outcome', 'text'],
  ['origin', 'jsonb'],
  ['correlation_id', 'text'],
  ['trace_id', 'text'],
  ['span_id', 'text'],
  ['restored_revision_id', 'bigint'],
  ['metadata', 'jsonb'],
] as const;

/** Column list of an insert of a revision. */
export const HEADER_COLUMNS = COLUMNS.map(([column]) => column).join(', ');

/** The columns that every change of a revision has, also the further ones. */
export const BRIEF_COLUMNS: readonly string[] = [
  'recorded_at',
  'actor_type',
  'actor_id',
  'actor_label',
  'on_behalf_of',
  'action',
  'reason',
  'restored_revision_id',
];

/** The columns of a revision that only its first row has. */
export const FIRST_ROW_COLUMNS: readonly string[] = [
  'transaction_id',
  'authentication_method',
  'outcome',
  'origin',
  'correlation_id',
  'trace_id',
  'span_id',
  'metadata',
];

/** How many parameters a header has. */
export const HEADER_SIZE = COLUMNS.length;

/** @param first number of the first bound parameter */
export function headerValues(first: number): string {
  return COLUMNS.map(([, type], index) => `$${first + index}::${type}`).join(', ');
}

/** The value of one column, where the header begins with the first parameter. */
export function headerValue(column: (typeof COLUMNS)[number][0]): string {
  const index = COLUMNS.findIndex(([name]) => name === column);
  return `$${index + 1}::${COLUMNS[index]?.[1]}`;
}

export function headerParameters(revision: NewRevision): readonly (string | null)[] {
  return [
    revision.actor.type,
    revision.actor.id,
    revision.actor.label,
    toJsonText(revision.onBehalfOf),
    revision.authenticationMethod,
    revision.action,
    revision.reason,
    revision.outcome,
    toJsonText(revision.origin),
    revision.correlationId,
    revision.traceId,
    revision.spanId,
    revision.restoredRevisionId,
    toJsonText(revision.metadata),
  ];
}

function toJsonText(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value);
}
