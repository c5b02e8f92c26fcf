// The JSON of AuditHttpModule, as the page reads it. All of it comes from a server: nothing here is trusted to be markup.

/** A value of an entity: plain JSON, or a tagged object (`values/value-kind.ts`). */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export type Operation = 'create' | 'update' | 'delete' | 'baseline';

export type Outcome = 'success' | 'failure' | 'denied';

export interface Actor {
  readonly type: string;
  readonly id: string | null;
  readonly label: string | null;
}

/** Who, when and why. */
export interface RevisionBrief {
  readonly id: string;
  /** ISO 8601 with zone. */
  readonly recordedAt: string;
  readonly actor: Actor;
  readonly onBehalfOf: Actor | null;
  readonly action: string | null;
  readonly reason: string | null;
  /** The revision that this one took back or returned to; null or absent for all others. */
  readonly restoredRevisionId?: string | null;
}

export interface Revision extends RevisionBrief {
  readonly origin: Readonly<Record<string, Json>> | null;
  readonly correlationId: string | null;
  readonly metadata: Readonly<Record<string, Json>> | null;
  readonly outcome?: Outcome;
}

export interface RevisionSummary extends Revision {
  /** Number of changes by entity type. */
  readonly counts: Readonly<Record<string, number>>;
}

export interface FieldChange {
  readonly path: string;
  /** Absent when there was no value before. */
  readonly before?: Json;
  /** Absent when there is no value after. */
  readonly after?: Json;
}

export interface ChangeLabels {
  readonly own: string | null;
  /** Labels of the targets of to-one relations, by path and entity id. */
  readonly targets: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** How a change stands in the log of a sealed trail. */
export interface Seal {
  /** Null before it has one. */
  readonly position: number | null;
  readonly sealed: boolean;
  /** The first one that covers it; null while there is none. */
  readonly checkpoint: { readonly size: number; readonly publishedAt: string } | null;
}

export interface Change {
  readonly id: string;
  readonly entityType: string;
  readonly entityId: string;
  readonly partOfType: string | null;
  readonly partOfId: string | null;
  readonly operation: Operation;
  readonly fields: readonly FieldChange[];
  readonly labels: ChangeLabels | null;
  /** Only of the changes of a revision, and only where the trail is sealed. */
  readonly seal?: Seal;
}

export interface ChangeWithRevision extends Change {
  readonly revision: RevisionBrief;
}

export interface RevisionWithChanges extends Revision {
  /** Of its first row; only where the trail is sealed. */
  readonly seal?: Seal;
  /** The first of them. */
  readonly changes: readonly Change[];
  /** Of the changes that follow; null when there are none. */
  readonly nextCursor: string | null;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

export interface Blame {
  readonly path: string;
  readonly value?: Json;
  readonly changeId: string | null;
  readonly operation: Operation | null;
  readonly revision: RevisionBrief | null;
}

/** An entity as it was: values by property. */
export type EntityState = Readonly<Record<string, Json>>;

export interface ActivityDay {
  /** `YYYY-MM-DD` in the time zone that was asked for. */
  readonly day: string;
  readonly total: number;
  readonly byEntityType: Readonly<Record<string, number>>;
}

interface RestoreValue {
  readonly path: string;
  /** As it is now; left out when the entity does not exist. */
  readonly before?: Json;
  /** As it is going to be; left out when the entity is going to be deleted. */
  readonly after?: Json;
  readonly labels: Readonly<Record<string, string>>;
}

/** The effect of restoring on one entity; `none`: it is already as it was. */
export interface RestoreStep {
  readonly entityType: string;
  readonly entityId: string;
  readonly label: string | null;
  readonly operation: Exclude<Operation, 'baseline'> | 'none';
  readonly values: readonly RestoreValue[];
}

export interface RestoreConflict {
  readonly kind: string;
  readonly severity: 'notice' | 'blocking' | 'accepted';
  /** Whether the reader may decide to restore nevertheless. */
  readonly acceptable: boolean;
  /** One sentence for people. */
  readonly message: string;
  readonly entityType: string;
  readonly entityId: string;
  /** Null when it is about the entity. */
  readonly path: string | null;
  /** The change in the way, and who made it; only of what was changed since. */
  readonly revisionId?: string;
  readonly recordedAt?: string;
  readonly actor?: Actor;
}

/** The effects of restoring; the token stands for them. */
export interface RestorePlan {
  readonly steps: readonly RestoreStep[];
  readonly conflicts: readonly RestoreConflict[];
  readonly blocked: boolean;
  readonly token: string;
}
