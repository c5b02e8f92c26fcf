import { EvidenceFormatError } from '../../errors/evidence-errors.js';
import { canonicalMembers, canonicalString, canonicalText } from './canonical-text.js';
import {
  JSON_COLUMNS,
  MEMBER_COLUMNS,
  type SealedColumn,
  type SealedRow,
  TEXT_COLUMNS,
  TOO_LARGE,
} from './sealed-columns.js';

/** The values that a leaf commits to, in canonical form, by the name of the commitment: `reason`, `origin.ip`, `values.title`. */
export type RowFields = ReadonlyMap<string, string>;

/** Prefix of the names of property values. No column is called so. */
const VALUES = 'values';

/** @throws EvidenceFormatError when a JSON column holds no JSON, which no row of a database does, and for a row that is too large to be read */
export function rowFields(row: SealedRow): RowFields {
  if (row.reads === TOO_LARGE) {
    throw new EvidenceFormatError('row', 'it is too large to be read');
  }
  const fields = new Map<string, string>();
  for (const column of TEXT_COLUMNS) {
    const text = row[column];
    if (text !== null) {
      fields.set(column, canonicalString(text));
    }
  }
  for (const column of JSON_COLUMNS) {
    const json = row[column];
    if (json !== null) {
      fields.set(column, canonicalText(json));
    }
  }
  for (const column of MEMBER_COLUMNS) {
    const json = row[column];
    if (json !== null) {
      addMembers(fields, column, json);
    }
  }
  addValues(fields, row);
  return fields;
}

const OBJECTS: readonly SealedColumn[] = [...MEMBER_COLUMNS, 'before' as const, 'after' as const].sort();

/** The JSON columns that are there, sorted, also where they have no members: no values are not the same as an empty object. */
export function presentObjects(row: SealedRow): readonly SealedColumn[] {
  return OBJECTS.filter((column) => row[column] !== null);
}

function addMembers(fields: Map<string, string>, column: string, json: string): void {
  const members = canonicalMembers(json);
  if (members === null) {
    fields.set(column, canonicalText(json));
    return;
  }
  for (const [key, value] of members) {
    fields.set(`${column}.${key}`, value);
  }
}

/** One commitment for both sides of a property: they are erased together. */
function addValues(fields: Map<string, string>, { before, after }: SealedRow): void {
  const [left, right] = [sideOf(fields, 'before', before), sideOf(fields, 'after', after)];
  for (const path of new Set([...left.keys(), ...right.keys()])) {
    const sides = [
      ...(right.has(path) ? [`"after":${right.get(path)}`] : []),
      ...(left.has(path) ? [`"before":${left.get(path)}`] : []),
    ];
    fields.set(`${VALUES}.${path}`, `{${sides.join(',')}}`);
  }
}

function sideOf(
  fields: Map<string, string>,
  column: 'before' | 'after',
  json: string | null,
): ReadonlyMap<string, string> {
  const members = json === null ? new Map<string, string>() : canonicalMembers(json);
  if (members === null) {
    // No side of a change is like that, but somebody may have made one so: it has to show in the leaf.
    fields.set(column, canonicalText(json ?? ''));
  }
  return members ?? new Map<string, string>();
}

const NOTHING = new Set(['null', '{"after":null,"before":null}', '{"after":null}', '{"before":null}']);

/** Whether nothing is left of a field. */
export function isEmptyField(canonical: string): boolean {
  return NOTHING.has(canonical);
}
