import type { FieldPath, Operation } from './change.js';
import type { RevisionBrief } from './revision.js';
import type { StateGap } from './state-gap.js';

/**
 * Where a property of the present state has its value from.
 * @typeParam Of the whole `Revision` where `details` were asked for
 */
export interface Blame<Entity = Record<string, unknown>, Of extends RevisionBrief = RevisionBrief> {
  readonly path: FieldPath<Entity>;
  /** As the entity has it; of a many-to-many relation the keys of its targets; undefined when it is not known. */
  readonly value: unknown;
  /** Of the entities that a relation names, by entity id, as they were then; absent when none is known. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Since when the value is not known, and unrecorded writes that later changes have found; absent when there are none. */
  readonly gaps?: readonly StateGap[];
  /** The change that set it; null when it was set before the recorded history begins, or by something unaudited. */
  readonly changeId: string | null;
  /** `create` when it has not changed since, `baseline` when it was set at some time before; null as `changeId`. */
  readonly operation: Operation | null;
  /** Who, when and why; the whole `Revision` where `details` were asked for; null as `changeId`. */
  readonly revision: Of | null;
}
