import type { JsonValue } from '../../model/json.js';
import type { StoredRow } from '../../query/search/trail-export.js';
import { csvRow } from './csv-table.js';

/** How changes, and actions without any, are written into a file. */
interface ExportFormat {
  readonly contentType: string;
  readonly extension: string;
  /** The lines before the first row. */
  readonly head: string;
  row(row: StoredRow): string;
  /** The lines after the last row where there may be more. */
  readonly truncation: string;
}

/** One line of JSON per change or action, with everything that the trail holds of it, in the form in which it is stored. */
const NDJSON: ExportFormat = {
  contentType: 'application/x-ndjson; charset=utf-8',
  extension: 'ndjson',
  head: '',
  row: ({ change, revision }) => `${JSON.stringify({ ...change, revision })}\n`,
  // Its manifest says so.
  truncation: '',
};

const COLUMNS = [
  'revisionId',
  'recordedAt',
  'actorType',
  'actorId',
  'actorLabel',
  'onBehalfOfType',
  'onBehalfOfId',
  'action',
  'reason',
  'outcome',
  'correlationId',
  'changeId',
  'operation',
  'entityType',
  'entityId',
  'entityLabel',
  'partOfType',
  'partOfId',
  'path',
  'before',
  'after',
];

/** Stands where an id would: people have to see it, and programs that read ids to stumble over it. */
const TRUNCATION = 'THIS FILE IS NOT WHOLE: it ends at a limit of the application. Narrow the query.';

/** One row per property of a change and one per action, for people with spreadsheets. */
const CSV: ExportFormat = {
  contentType: 'text/csv; charset=utf-8; header=present',
  extension: 'csv',
  head: csvRow(COLUMNS),
  row: ({ change, revision }) => {
    const [before, after] = [change?.before, change?.after];
    const paths = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
    const start = [
      revision.id,
      revision.recordedAt.toISOString(),
      revision.actor.type,
      revision.actor.id,
      revision.actor.label,
      revision.onBehalfOf?.type ?? null,
      revision.onBehalfOf?.id ?? null,
      revision.action,
      revision.reason,
      revision.outcome,
      revision.correlationId,
      change?.id ?? null,
      change?.operation ?? null,
      change?.entityType ?? null,
      change?.entityId ?? null,
      change?.labels?.own ?? null,
      change?.partOfType ?? null,
      change?.partOfId ?? null,
    ];
    const rows = [...paths].map((path) => [...start, path, cell(before?.[path]), cell(after?.[path])]);
    return (rows.length > 0 ? rows : [[...start, null, null, null]]).map(csvRow).join('');
  },
  truncation: csvRow(COLUMNS.map((_, at) => (at === 0 ? TRUNCATION : null))),
};

export const EXPORT_FORMATS = { ndjson: NDJSON, csv: CSV } as const;

/** A format by the name that the parameter `format` has for it. */
export type ExportFormatName = keyof typeof EXPORT_FORMATS;

function cell(value: JsonValue | undefined): string | null {
  return value === undefined || value === null
    ? null
    : typeof value === 'string'
      ? value
      : JSON.stringify(value);
}
