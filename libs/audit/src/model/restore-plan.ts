import type { Operation } from './change.js';
import type { JsonValue } from './json.js';
import type { RestoreConflict, RestoreConflictKind } from './restore-conflict.js';

/** The state to go back to, as JSON: a time (ISO), the end of a revision, or the moment before one. */
export type RestorePointJson =
  | { readonly at: string }
  | { readonly revision: string }
  | { readonly beforeRevision: string };

/** The request of a plan. Its token holds nothing else that is believed. */
export type RestoreRequest =
  | {
      readonly kind: 'entity';
      /** Name of the MikroORM configuration. */
      readonly instance: string;
      readonly entityType: string;
      readonly entityId: string;
      readonly to: RestorePointJson;
      /** Paths to set back; null for all. */
      readonly properties: readonly string[] | null;
      readonly withChildren: boolean;
      readonly accept: readonly RestoreConflictKind[];
      /** Paths of the values that the caller has given; not the values. */
      readonly given: readonly string[];
    }
  | {
      readonly kind: 'revision';
      readonly instance: string;
      readonly revisionId: string;
      readonly accept: readonly RestoreConflictKind[];
    };

/**
 * One property of a step. Values are the JSON of the trail: readable, ISO times, decimals as texts, masked values as
 * `{"$mask": ...}`. To-one relations are keys, many-to-many relations lists of entity ids.
 */
export interface RestoreValue {
  readonly path: string;
  /** Now; left out when the entity does not exist. */
  readonly before?: JsonValue;
  /** When it is restored; left out when the entity is going to be deleted. */
  readonly after?: JsonValue;
  /** The caller has given it; "after" is masked as in the trail, and left out where the property is not audited. */
  readonly given?: true;
  /** Labels of the targets of a relation, frozen in the trail, by entity id; empty when there are none. */
  readonly labels: Readonly<Record<string, string>>;
}

/** The operations that change an entity, as opposed to a baseline, which only tells of it. */
export type RestoreOperation = Exclude<Operation, 'baseline'>;

/** The effect of restoring on one entity. */
export interface RestoreStep {
  readonly entityType: string;
  readonly entityId: string;
  /** The label that the trail last froze; null when it has none. */
  readonly label: string | null;
  /** `none`: it is already as it was. */
  readonly operation: RestoreOperation | 'none';
  /** The coming changes; of a create and a delete all that the trail holds. */
  readonly values: readonly RestoreValue[];
}

/** The effects of restoring. Plain JSON: it may be sent to a client, who sends back the token. */
export interface RestorePlan {
  readonly request: RestoreRequest;
  /** The revision that the restore is going to name: whose state comes back, or which is undone; null when there is none. */
  readonly restoredRevisionId: string | null;
  /** The entity that was asked for comes first, or the changes of the revision in their order. */
  readonly steps: readonly RestoreStep[];
  readonly conflicts: readonly RestoreConflict[];
  /** Whether a conflict is neither a notice nor accepted, so that `apply` refuses. */
  readonly blocked: boolean;
  /** Opaque. Applying it plans anew and compares: nothing in it is believed, but what was asked for. */
  readonly token: string;
}

/** The result of `apply`. */
export interface RestoreResult {
  /**
   * The revision that the restore is; null when there was nothing to do, or when the caller's transaction, whose
   * revision it is part of, is not over yet.
   */
  readonly revisionId: string | null;
  readonly steps: readonly RestoreStep[];
}
