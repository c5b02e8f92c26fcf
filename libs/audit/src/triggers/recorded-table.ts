import { ANY_SCHEMA, tableInNotes } from '../serialize/text/statement-note.js';

/** Stands in the text of triggers for the schema of a tenant. */
export const TENANT = '<tenant>';

/** A table that triggers record. */
export interface RecordedTable {
  readonly schema: string;
  readonly name: string;
}

export function quotedTable({ schema, name }: RecordedTable): string {
  return tableInNotes(schema, name);
}

/** How notes may name a table, first by its own schema. */
export function namesInNotes({ schema, name }: RecordedTable): readonly [string, ...string[]] {
  const own = tableInNotes(schema, name);
  return schema === TENANT ? [own, tableInNotes(ANY_SCHEMA, name)] : [own];
}
