import type { Actor } from '../../model/actor.js';
import type { ChangeLabels } from '../../model/change-labels.js';
import type { ChangeRecord } from '../../model/change-record.js';
import type { JsonObject } from '../../model/json.js';
import type { Origin, Outcome, RevisionBrief } from '../../model/revision.js';

/** A revision to be written. Id, time and transaction id come from the database. */
export interface NewRevision {
  readonly actor: Actor;
  readonly onBehalfOf: Actor | null;
  readonly authenticationMethod: string | null;
  readonly action: string | null;
  readonly reason: string | null;
  readonly outcome: Outcome;
  readonly origin: Origin | null;
  readonly correlationId: string | null;
  readonly traceId: string | null;
  readonly spanId: string | null;
  /** Decimal. */
  readonly restoredRevisionId: string | null;
  readonly metadata: JsonObject | null;
}

/** A stored change with the revision it belongs to; values are still encoded. */
export interface StoredChange extends ChangeRecord {
  readonly labels: ChangeLabels | null;
  readonly partOfIdBefore: string | null;
  readonly renamedTo: string | null;
  readonly id: string;
  readonly revisionId: string;
}

/** A stored revision. */
export interface StoredRevision extends NewRevision {
  readonly id: string;
  readonly recordedAt: Date;
  readonly transactionId: string;
}

export interface ChangeOfRevision<Of extends RevisionBrief = RevisionBrief> {
  readonly change: StoredChange;
  readonly revision: Of;
}

export interface DetailsOption<Details extends boolean = boolean> {
  /** Whether changes come with their whole revisions. */
  readonly details: Details;
}

/** A revision with the number of its changes by entity type. */
export interface CountedRevision {
  readonly revision: StoredRevision;
  readonly counts: Readonly<Record<string, number>>;
}

/** A change with its revision, or a revision that has none. */
export interface TrailRow {
  /** Null for an action without changes. */
  readonly change: StoredChange | null;
  readonly revision: StoredRevision;
}
