import type { CurrentContext } from '../context/context-values.js';
import type { JsonObject } from '../model/json.js';
import type { SqlTransaction } from '../model/sql-transaction.js';
import type { EntityPolicy } from '../policy/entity-policy.js';
import type { MaybePromise } from './change-source.js';
import type { PendingRevision, UnwrittenChanges } from './transaction/transaction-scope.js';

/** Takes captured changes, and tells the context of a flush. */
export interface RevisionSink {
  /** Called before the first statement of a flush. */
  context(): MaybePromise<CurrentContext>;
  /**
   * Refuses a flush by throwing.
   * @param policies of the entities that it changes, one for each
   */
  check(context: CurrentContext, policies: () => readonly EntityPolicy[]): void;
  /** The flush is not audited: takes note of what it changes. Null when it is. */
  suspension(): { note(entityTypes: readonly string[]): void } | null;
  /** The context in the form that the triggers of the database take it in. */
  describe(context: CurrentContext): JsonObject;
  /** Writes changes on the connection of their transaction. */
  readonly write: WriteChanges;
  /**
   * Sends the last statement of a transaction, and leaves in `revision.sent` the promise of its answer, so that the
   * COMMIT can follow in the same round trip. Null unless the application asks for that.
   */
  readonly send: WriteChanges | null;
}

/** @param context of the flush that is the whole transaction; null where there may be others */
type WriteChanges = (
  revision: PendingRevision,
  unwritten: readonly UnwrittenChanges[],
  transaction: SqlTransaction,
  context: CurrentContext | null,
) => Promise<void>;
