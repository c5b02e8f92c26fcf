import type { JsonValue } from '../model/json.js';
import { rowName } from './affected-row.js';
import type { OpenDraft, RowDraft } from './row-draft.js';

/**
 * Merging a detached graph can give a unit of work two entities for one row, each with a change set. What is known
 * before the flush is right for the first of them only; the second one starts from what the first has written, and
 * does not find a row that the first has given another key.
 */
export class TwinDrafts {
  private readonly written = new Map<string, Map<string, JsonValue>>();
  private readonly moved = new Set<string>();

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
    return draft.operation === 'update' ? this.followUpdate(draft, name) : draft;
  }

  private followUpdate(draft: RowDraft, name: string): RowDraft {
    const earlier = this.written.get(name) ?? new Map<string, JsonValue>();
    this.written.set(name, new Map([...earlier, ...draft.after]));
    if (earlier.size === 0) {
      return draft;
    }
    const before = [...draft.before].map(
      ([property, value]) =>
        [property, earlier.has(property) ? (earlier.get(property) ?? null) : value] as const,
    );
    return { ...draft, before: new Map(before) };
  }
}

function nameAfter(draft: RowDraft | OpenDraft): string {
  const { codec } = draft;
  return rowName(codec, 'key' in draft ? codec.entityId(draft.key, 'unit-of-work') : draft.entityId);
}
