import type { EntityName } from '@mikro-orm/core';
import type { Change, EntityKey } from '../model/change.js';
import type { Revision } from '../model/revision.js';

/** A change with its whole revision. */
export type RecordedChange = Change<Record<string, unknown>, Revision>;

/** The records of some work. */
export interface Recording<Result = unknown> {
  /** The result of the work. */
  readonly result: Result;
  /** In the order of writing. */
  readonly changes: readonly RecordedChange[];
  /** Revisions without changes (recorded actions, suspensions, reads), in the order of writing. */
  readonly actions: readonly Revision[];
}

/** A recording that knows the classes of its changes. */
export interface TypedRecording<Result = unknown> extends Recording<Result> {
  /**
   * Whether a change is of a class, or of one that extends it; and of a key, where one is given.
   * @throws NotAuditedError when the class is not audited
   * @throws InvalidQueryError for an invalid key
   */
  isOf(change: RecordedChange, entity: EntityName, id: EntityKey | undefined): boolean;
}

/** A change, or a revision that has none. */
export interface RecordedItem {
  readonly change: RecordedChange | null;
  readonly revision: Revision;
}

/** Everything that a recording holds, in the order of writing. */
export function itemsOf({ changes, actions }: Recording): readonly RecordedItem[] {
  const items = [
    ...changes.map((change) => ({ id: change.id, change, revision: change.revision })),
    ...actions.map((revision) => ({ id: revision.id, change: null, revision })),
  ];
  return items.sort((one, other) => Number(BigInt(one.id) - BigInt(other.id)));
}
