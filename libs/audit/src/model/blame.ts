import type { FieldPath, Operation } from './change.js';
import type { Revision } from './revision.js';

/** Where a property of the present state has its value from. */
export interface Blame<Entity = Record<string, unknown>> {
  readonly path: FieldPath<Entity>;
  /** As the entity has it; of a many-to-many relation the keys of its targets. */
  readonly value: unknown;
  /** Of the entities that a relation names, by entity id, as they were then; absent when none is known. */
  readonly labels?: Readonly<Record<string, string>>;
  /** The change that set it; null when it was set before the recorded history begins. */
  readonly changeId: string | null;
  /** `create` when it has not changed since; null as `changeId`. */
  readonly operation: Operation | null;
  /** Who, when and why; null as `changeId`. */
  readonly revision: Revision | null;
}
