import type { JsonObject } from '../../model/json.js';
import { quoted } from '../../model/sql-names.js';

/** Tells the triggers of a database something about the statement that has set them off. */
export interface StatementNote {
  /** The table that it writes, by its quoted name with schema, and whose rows the sender records itself. */
  readonly own?: string;
  /** Tables that the sender records itself, also where the database or another trigger writes them; true for all. */
  readonly also?: readonly string[] | true;
  /** Who, why and from where, as `StatementContext` has it. */
  readonly context?: JsonObject;
}

/** Stands before a note in the text of a statement. */
export const NOTE_START = '/*audit:';

const NOTE_END = '*/';

/**
 * A comment for the beginning of a statement. Of all that ends or nests a comment, JSON may only hold the asterisk, and that inside
 * texts.
 */
export function statementNote(note: StatementNote): string {
  return `${NOTE_START}${JSON.stringify(note).replaceAll('*', '\\u002a')}${NOTE_END} `;
}

/** The beginning of all notes that begin like this one. */
export function noteStart(note: StatementNote): string {
  return statementNote(note).slice(0, -`}${NOTE_END} `.length);
}

/** In place of a schema: the tables of that name in all of them. */
export const ANY_SCHEMA = '*';

/** The name of a table as notes and triggers have it. */
export function tableInNotes(schema: string, name: string): string {
  return `${quoted(schema)}.${quoted(name)}`;
}
