import type { ChangeRecord } from '../model/change-record.js';
import type { JsonObject } from '../model/json.js';
import type { RevisionOf } from '../model/revision.js';
import type { SqlTransaction } from '../model/sql-transaction.js';
import type { ScopeFilter } from './search/scope-filter.js';
import type {
  ChangeOfRevision,
  DetailsOption,
  NewRevision,
  StoredChange,
  StoredRevision,
} from './tables/stored-change.js';
import type { TrailSearch } from './trail-search.js';

// The whole port, so that other folders need no other file of this one.
export type { SqlTransaction } from '../model/sql-transaction.js';
export type * from './life/life-query.js';
export type * from './search/activity-search.js';
export type * from './search/change-filter.js';
export type * from './search/count-search.js';
export * from './search/feed-search.js';
export type * from './search/latest-search.js';
export type { PartOfFilter, ScopeFilter } from './search/scope-filter.js';
export type * from './tables/stored-change.js';
export type * from './trail-search.js';

/** An entity that was looked at. */
export interface StoredRead {
  readonly entityType: string;
  readonly entityId: string;
}

/** One page of an entity's history, or of its reads; then the ids are those of revisions. */
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

/**
 * How to treat an update or delete of an entity whose newest change is a delete: another transaction was faster, and
 * our statement hit no row, or something unaudited has put the row back. `return` hands it back for a closer look,
 * `refuse` fails, and `write` writes it without a look.
 */
type DoubtfulPolicy = 'return' | 'refuse' | 'write';

export interface WriteOptions<Policy extends DoubtfulPolicy = DoubtfulPolicy> {
  /** Whether this transaction has written changes before, which belong to the same revision. */
  readonly hasWritten: boolean;
  readonly doubtful: Policy;
}

/** Changes that are on their way. */
export interface SentChanges {
  /** Rejects when PostgreSQL has refused them. */
  readonly written: Promise<void>;
}

/** The audit tables, as the rest of the library needs them. */
export interface AuditStore {
  /**
   * Writes changes in the caller's transaction with one statement; very large ones, of more than 16 Mi characters together,
   * with as many as it takes.
   * @returns the changes that it has not written
   */
  write(
    transaction: SqlTransaction,
    revision: NewRevision,
    changes: readonly ChangeRecord[],
    options: WriteOptions<'return' | 'write'>,
  ): Promise<readonly DoubtfulChange[]>;

  /**
   * Sends the same and does not wait for the answer to the last statement.
   * @returns null when there is nothing to send
   */
  send(
    transaction: SqlTransaction,
    revision: NewRevision,
    changes: readonly ChangeRecord[],
    options: WriteOptions<'refuse' | 'write'>,
  ): Promise<SentChanges | null>;

  /**
   * Writes a revision without changes, with the entities that were looked at.
   * @param transaction null for one of its own
   * @returns its id
   */
  record(
    revision: NewRevision,
    reads: readonly StoredRead[],
    transaction: SqlTransaction | null,
  ): Promise<string>;

  /**
   * Writes a revision without changes in a transaction of its own, unless the newest one of the same action, correlation id and
   * metadata is a success; those that were denied do not count. Of several processes one writes it.
   * @returns whether it has written it
   */
  claim(revision: NewRevision): Promise<boolean>;

  /**
   * Runs reads of this store whose statements are cancelled on the server when the signal says so. They then reject with its
   * reason.
   */
  abortable<Result>(signal: AbortSignal, read: () => Promise<Result>): Promise<Result>;

  /** Who looked at an entity, newest first. */
  reads(query: HistoryQuery): Promise<readonly StoredRevision[]>;

  readonly search: TrailSearch;

  /** Newest first. */
  history<Details extends boolean>(
    query: HistoryQuery & DetailsOption<Details>,
  ): Promise<readonly ChangeOfRevision<RevisionOf<Details>>[]>;

  /**
   * Null when there is no such revision, or nothing of it is in the scope. Changes in the order of writing.
   * @param scope null for everything
   * @param limit how many of the changes; null for all
   */
  revision(
    id: string,
    scope: ScopeFilter | null,
    limit: number | null,
  ): Promise<{ readonly revision: StoredRevision; readonly changes: readonly StoredChange[] } | null>;
}
