import type { CurrentContext } from '../context/context-values.js';
import type { EntityPolicy } from '../policy/entity-policy.js';
import type { PendingRevision, UnwrittenChanges } from './transaction-scope.js';

/** What the subscriber hands captured changes to, and asks for the context of a flush. */
export interface RevisionSink {
  /** Called before the first statement of a flush. */
  context(): CurrentContext | Promise<CurrentContext>;
  /**
   * Refuses a flush by throwing.
   * @param policies of the entities that it changes, one for each
   */
  check(context: CurrentContext, policies: () => readonly EntityPolicy[]): void;
  /** The flush is not audited: takes note of what it changes. Null when it is. */
  suspension(): { note(entityTypes: readonly string[]): void } | null;
  write(revision: PendingRevision, unwritten: UnwrittenChanges, transaction: object): Promise<void>;
  /**
   * Absent unless the last statement of a transaction is to travel with its COMMIT. Null when there is nothing to write.
   */
  send?(
    revision: PendingRevision,
    unwritten: UnwrittenChanges,
    transaction: object,
  ): Promise<{ readonly written: Promise<void> } | null>;
}
