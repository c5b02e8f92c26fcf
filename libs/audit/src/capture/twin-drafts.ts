import type { JsonValue } from '../model/json.js';
import type { RowDraft } from './row-draft.js';

/**
 * Merging a detached graph can give a unit of work two entities for one row, each with a change set. What is known
 * before the flush is right for the first of them only; the second one starts from what the first has written.
 */
export class TwinDrafts {
  private readonly written = new Map<string, Map<string, JsonValue>>();

  /** @param draft in the order of the statements */
  follow(draft: RowDraft): RowDraft {
    if (draft.operation !== 'update') {
      return draft;
    }
    const name = JSON.stringify([draft.codec.policy.entityType, draft.entityId]);
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
