import type { JsonValue } from '../../model/json.js';

/**
 * - `not-recorded`: a row is there of which the trail does not know the beginning; a baseline tells it
 * - `gone`: the trail believes in a row that is not there
 * - `differs`: a property or a relation of the row is not as the trail has it
 * - `contradiction`: a change says that it found something else than the changes before it have left, or a baseline is of what
 *   was told already
 */
export type CheckFindingKind = 'not-recorded' | 'gone' | 'differs' | 'contradiction';

/** A change that a finding refers to. */
export interface FoundChange {
  readonly changeId: string;
  readonly revisionId: string;
  readonly recordedAt: Date;
}

/** A place where the trail is not what happened. */
export interface CheckFinding {
  readonly kind: CheckFindingKind;
  /** Name in the trail. */
  readonly entityType: string;
  readonly entityId: string;
  /** The property or relation; null for the entity as a whole. */
  readonly path: string | null;
  /** The value in the trail, as stored JSON, masked as the policy says; undefined when it has none. */
  readonly trail?: JsonValue;
  /** The value in the table, or the one that the contradicting change has found; in the same form. */
  readonly found?: JsonValue;
  /** The last change before it began; null when none is recorded. */
  readonly since: FoundChange | null;
  /** Of a contradiction the change that tells it, else null. */
  readonly until: FoundChange | null;
}
