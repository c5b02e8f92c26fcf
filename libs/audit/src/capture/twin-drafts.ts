import { rowName } from './affected-row.js';
import type { RowDraft, SentDraft } from './row-draft.js';

/**
 * Merging a detached graph can give a unit of work two entities for one row, each with a change set. What is known
 * before the flush is right for the first of them only. What the statements make of the row depends on whether MikroORM
 * puts both into one, where the first value of a column wins, or sends one after the other; so the row is read
 * afterwards, and each property is told once. A row that one of them gives another key the other one does not find.
 */
export class TwinDrafts {
  private readonly told = new Map<string, Set<string>>();
  private readonly moved = new Set<string>();

  /** @param rows names of the rows for which two entities stand */
  constructor(private readonly rows: ReadonlySet<string>) {}

  /**
   * @param draft in the order of the statements
   * @returns null when the statement hit nothing
   */
  follow(draft: RowDraft): RowDraft | null {
    const name = rowName(draft.codec, draft.entityId);
    if (draft.operation === 'delete') {
      return this.moved.has(name) ? null : draft;
    }
    const newName = nameAfter(draft);
    this.moved.delete(newName);
    if (newName !== name) {
      this.moved.add(name);
    }
    return draft.operation === 'update' && this.rows.has(name) ? this.followUpdate(draft, name) : draft;
  }

  private followUpdate(draft: RowDraft, name: string): RowDraft {
    const told = this.told.get(name) ?? new Set<string>();
    this.told.set(name, told.union(new Set(Object.keys(draft.before))));
    const untold = <Value>(
      values: Iterable<readonly [string, Value]>,
    ): readonly (readonly [string, Value])[] => [...values].filter(([property]) => !told.has(property));
    const after = Object.entries(draft.after);
    return {
      ...draft,
      before: Object.fromEntries(untold(Object.entries(draft.before))),
      after: Object.fromEntries(untold(after)),
      unresolved: new Map(untold([...after, ...(draft.unresolved ?? [])])),
    };
  }
}

function nameAfter(draft: RowDraft | SentDraft): string {
  const { codec } = draft;
  return rowName(codec, 'key' in draft ? codec.entityId(draft.key, 'unit-of-work') : draft.entityId);
}
