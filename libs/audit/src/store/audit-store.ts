import type { Actor } from '../model/actor.js';
import type { ChangeRecord } from '../model/change-record.js';
import type { JsonObject } from '../model/json.js';
import type { Origin } from '../model/revision.js';

/** The transaction that MikroORM hands to its listeners (a Kysely transaction), as far as the store needs it. */
export interface SqlTransaction {
  executeQuery(query: unknown): Promise<{ readonly rows: readonly unknown[] }>;
}

/** A revision to be written. Id, time and transaction id come from the database. */
export interface NewRevision {
  readonly actor: Actor;
  readonly onBehalfOf: Actor | null;
  readonly action: string | null;
  readonly reason: string | null;
  readonly origin: Origin | null;
  readonly correlationId: string | null;
  readonly metadata: JsonObject | null;
}

/** A stored change with the revision it belongs to; values are still encoded. */
export interface StoredChange extends ChangeRecord {
  readonly id: string;
  readonly revisionId: string;
}

/** A stored revision. */
export interface StoredRevision extends NewRevision {
  readonly id: string;
  readonly recordedAt: Date;
  readonly transactionId: string;
}

export interface ChangeOfRevision {
  readonly change: StoredChange;
  readonly revision: StoredRevision;
}

/** One page of an entity's history. */
export interface HistoryQuery {
  readonly entityTypes: readonly string[];
  readonly entityId: string;
  /** Only changes with a smaller id; null for the first page. */
  readonly beforeId: string | null;
  readonly limit: number;
}

/** A change that the store did not write, because the newest change of its entity in the trail is a delete. */
export interface DoubtfulChange {
  readonly change: ChangeRecord;
  /** The full last state that the earlier delete recorded. */
  readonly deletedState: JsonObject | null;
}

export interface WriteResult {
  /** Id of the revision; null when nothing was written under a new one. */
  readonly revisionId: string | null;
  readonly doubtful: readonly DoubtfulChange[];
}

export interface WriteOptions {
  /** The revision that this transaction already has; null when it has none yet. */
  readonly revisionId: string | null;
  /** Write changes of entities that the trail says are deleted, instead of returning them as doubtful. */
  readonly force?: boolean;
}

/** What the rest of the library needs of the audit tables. */
export interface AuditStore {
  /**
   * Writes changes in the caller's transaction with one statement. An update or delete of an entity whose newest
   * change is a delete is handed back instead of written: another transaction was faster, and the caller must
   * find out whether its own statement hit a row.
   */
  write(
    transaction: SqlTransaction,
    revision: NewRevision,
    changes: readonly ChangeRecord[],
    options: WriteOptions,
  ): Promise<WriteResult>;

  /** Newest first. */
  history(query: HistoryQuery): Promise<readonly ChangeOfRevision[]>;

  /** Null when there is no such revision. Changes in the order of writing. */
  revision(
    id: string,
  ): Promise<{ readonly revision: StoredRevision; readonly changes: readonly StoredChange[] } | null>;
}
