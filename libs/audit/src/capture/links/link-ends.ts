import type { RowMap, RowName } from '../../model/row-map.js';
import { columnText } from '../orm/row-key.js';

/** Values of key columns, in database form. */
export type Columns = readonly unknown[];

/** The rows at the ends of links, after the statements of the flush. */
export interface EndsAfter {
  /** Whether a row that was there is not there any more. */
  readonly isGone: (row: RowName) => boolean;
  /** Whether the delete of a row has hit nothing: the row was not there, or not to be seen, or something keeps it. */
  readonly isSpared: (row: RowName) => boolean;
  /** The key columns that rows got with the flush, by the text of those before. */
  readonly renamed: RowMap<Columns>;
}

/** The ends of links on one side of a relation, by the texts of their keys before the flush. */
export class LinkEnds {
  /** Those whose links are read. */
  readonly columns = new Map<string, Columns>();
  readonly deleted = new Set<string>();
  /** Those that a foreign key rule may delete. */
  readonly doubtful = new Set<string>();

  constructor(readonly table: unknown) {}

  add(columns: Columns): string {
    const text = columnText(columns);
    this.columns.set(text, columns);
    return text;
  }

  /** Whether the row of an end that was there is not there any more. */
  isGone(text: string, { isGone, isSpared }: EndsAfter): boolean {
    const row = { table: this.table, text };
    return (this.deleted.has(text) && !isSpared(row)) || (this.doubtful.has(text) && isGone(row));
  }

  /** The texts of some keys before the flush by those after it, where it changes them. */
  formerNames(keys: Iterable<Columns>, { renamed }: EndsAfter): ReadonlyMap<string, string> {
    const names = new Map<string, string>();
    for (const columns of keys) {
      const text = columnText(columns);
      const after = renamed.get({ table: this.table, text });
      if (after) {
        names.set(columnText(after), text);
      }
    }
    return names;
  }
}
