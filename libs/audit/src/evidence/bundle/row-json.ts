import { EvidenceFormatError } from '../../errors/evidence-errors.js';
import { canonicalMembers, canonicalString, canonicalText } from '../leaf/canonical-text.js';
import {
  JSON_COLUMNS,
  MEMBER_COLUMNS,
  SEALED_COLUMNS,
  type SealedColumn,
  type SealedRow,
} from '../leaf/sealed-columns.js';

/** Columns that are JSON themselves: they stand in an export as they are, for people and programs to read. */
const AS_JSON: ReadonlySet<SealedColumn> = new Set([...JSON_COLUMNS, ...MEMBER_COLUMNS, 'before', 'after']);
const KNOWN: ReadonlySet<string> = new Set(SEALED_COLUMNS);

/** A row as canonical JSON; columns that are null are left out. */
export function rowJson(row: SealedRow): string {
  const members = SEALED_COLUMNS.toSorted().flatMap((column) => {
    const text = row[column];
    return text === null
      ? []
      : [`"${column}":${AS_JSON.has(column) ? canonicalText(text) : canonicalString(text)}`];
  });
  return `{${members.join(',')}}`;
}

/** @throws EvidenceFormatError when it is no row, or has a column that this version of the library does not know */
export function rowOfJson(json: string): SealedRow {
  const members = canonicalMembers(json);
  const unknown = [...(members?.keys() ?? [])].find((name) => !KNOWN.has(name));
  if (members === null || unknown !== undefined) {
    throw new EvidenceFormatError(
      'row',
      unknown === undefined ? 'it is no object' : `this version does not know the column ${unknown}`,
    );
  }
  const columns = SEALED_COLUMNS.map((column): [SealedColumn, string | null] => {
    const value = members.get(column);
    return [column, value === undefined || AS_JSON.has(column) ? (value ?? null) : textOf(value)];
  });
  return Object.fromEntries(columns) as SealedRow;
}

function textOf(json: string): string {
  const text: unknown = JSON.parse(json);
  if (typeof text !== 'string') {
    throw new EvidenceFormatError('row', 'a column of text is no text');
  }
  return text;
}
