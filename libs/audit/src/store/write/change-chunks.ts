import type { ChangeRecord } from '../../model/change-record.js';
import type { TargetsOf } from '../../model/relation-target.js';

/** Type, id, whole type, whole id, operation, before, after, labels, left whole, new id, targets; JSON as text. */
type ColumnValues = readonly (string | null)[];

/** Columns of JSON, which has no line breaks of its own. */
const [FIRST_JSON, LAST_JSON] = [5, 7];

/**
 * Changes in their order, divided where the texts of a chunk have got so many characters: the change that does it is
 * its last one. Made one at a time, so that the texts of one chunk are in memory and not those of all.
 * @param targetsOf what relations of a change lead to
 * @param maxCharacters UTF-16 units, each of at most three bytes
 */
export function* changeChunks(
  changes: readonly ChangeRecord[],
  targetsOf: TargetsOf,
  maxCharacters: number,
): Generator<ChangeChunk, void, undefined> {
  let chunk = new ChangeChunk();
  for (const change of changes) {
    chunk.add(change, targetsOf(change));
    if (chunk.characters >= maxCharacters) {
      yield chunk;
      chunk = new ChangeChunk();
    }
  }
  if (chunk.changes.length > 0) {
    yield chunk;
  }
}

/** Changes that are written by one statement. */
export class ChangeChunk {
  readonly changes: ChangeRecord[] = [];
  /** Of each change. */
  readonly rows: ColumnValues[] = [];
  characters = 0;

  add(change: ChangeRecord, targets: readonly string[] | null): void {
    const row = [
      change.entityType,
      change.entityId,
      change.partOfType,
      change.partOfId,
      change.operation,
      change.before && JSON.stringify(change.before),
      change.after && JSON.stringify(change.after),
      change.labels ? JSON.stringify(change.labels) : null,
      change.partOfIdBefore ?? null,
      change.renamedTo ?? null,
      targets && textArray(targets),
    ];
    this.changes.push(change);
    this.rows.push(row);
    for (const value of row) {
      this.characters += value === null ? 0 : value.length;
    }
  }

  /**
   * One text per column with a line for each change. An empty line is null, and so is every line of an empty text. Null when
   * a type or an id cannot be written like this.
   */
  columns(): readonly string[] | null {
    const [first] = this.rows;
    return first && this.rows.every(hasOnlyLines)
      ? first.map((_, column) => linesOf(this.rows, column))
      : null;
  }
}

function linesOf(rows: readonly ColumnValues[], column: number): string {
  let lines = '';
  let breaks = '';
  for (const row of rows) {
    const value = row[column];
    if (value) {
      lines += breaks + value;
      breaks = '';
    }
    breaks += '\n';
  }
  return lines;
}

function hasOnlyLines(row: ColumnValues): boolean {
  for (let column = 0; column < row.length; column++) {
    const value = row[column];
    const isText = column < FIRST_JSON || column > LAST_JSON;
    if (isText && typeof value === 'string' && (value === '' || value.includes('\n'))) {
      return false;
    }
  }
  return true;
}

/** Texts as a literal of a PostgreSQL array. */
function textArray(texts: readonly string[]): string {
  return `{${texts.map((text) => `"${text.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
}
