import type { Operation } from './change.js';
import type { ChangeLabels } from './change-labels.js';
import type { JsonObject } from './json.js';

/** A change in the form in which it is stored: values are encoded JSON by property path. */
export interface ChangeRecord {
  readonly entityType: string;
  readonly entityId: string;
  readonly partOfType: string | null;
  readonly partOfId: string | null;
  /** Id of the whole of the same type that the entity left with this change; null, or left out, when it left none. */
  readonly partOfIdBefore?: string | null;
  /** The entity id from this change on; null, or left out, when the primary key stays. */
  readonly renamedTo?: string | null;
  readonly operation: Operation;
  /** Null on create; on update only what changed. */
  readonly before: JsonObject | null;
  /** Null on delete; on update only what changed. */
  readonly after: JsonObject | null;
  /** Null, or left out, when nothing has a label. */
  readonly labels?: ChangeLabels | null;
}
