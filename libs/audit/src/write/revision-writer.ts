import { setImmediate as nextTurn } from 'node:timers/promises';
import { unlessConflict } from '../capture/orm/conflict.js';
import { mergeChanges } from '../capture/transaction/change-merger.js';
import type { PendingRevision, UnwrittenChanges } from '../capture/transaction/transaction-scope.js';
import type { AuditContext } from '../context/audit-context.js';
import { type CurrentContext, completeContext, mayBeOfOneActor } from '../context/context-values.js';
import { AuditWriteError } from '../errors/write-errors.js';
import type { ChangeRecord } from '../model/change-record.js';
import type { JsonObject } from '../model/json.js';
import { linkIds } from '../serialize/entity/links.js';
import { jsonEquals } from '../serialize/json/canonical-json.js';
import type { AuditStore, DoubtfulChange, NewRevision, SqlTransaction } from '../store/audit-store.js';
import type { AuditMetrics } from './audit-metrics.js';
import type { RevisionContexts } from './revision-context.js';

/** Tells whether the row of a change is (still) in its table, as this transaction sees it. */
export type RowLookup = (change: ChangeRecord, transaction: SqlTransaction) => Promise<boolean>;

/** The changes of one actor in a row, merged. */
interface MergedChanges {
  readonly changes: readonly ChangeRecord[];
  readonly context: CurrentContext;
  /** Whether others acted in the transaction as well. */
  readonly isOneOfSeveral: boolean;
}

/** Writes what a transaction has gathered, with one statement for each actor, on the transaction's own connection. */
export class RevisionWriter {
  constructor(
    private readonly store: AuditStore,
    private readonly context: AuditContext,
    private readonly rowExists: RowLookup,
    private readonly metrics: AuditMetrics,
    private readonly contexts: RevisionContexts,
  ) {}

  /**
   * @param unwritten its records are merged here
   * @throws AuditWriteError with the cause, or the conflict that it is; the transaction must then be rolled back
   */
  async write(
    revision: PendingRevision,
    unwritten: readonly UnwrittenChanges[],
    transaction: SqlTransaction,
    context: CurrentContext | null,
  ): Promise<void> {
    for (const merged of mergedOf(unwritten)) {
      await this.writeOne(revision, merged, transaction, context);
    }
  }

  /**
   * Sends the last statement and does not wait for the answer, so that the commit can follow in the same round trip.
   * There is no further statement then, so a change whose entity the trail says is deleted is refused.
   * `revision.sent` rejects with AuditWriteError when PostgreSQL has refused the statement, and with it the commit.
   */
  async send(
    revision: PendingRevision,
    unwritten: readonly UnwrittenChanges[],
    transaction: SqlTransaction,
    context: CurrentContext | null,
  ): Promise<void> {
    const all = mergedOf(unwritten);
    const last = all.at(-1);
    if (!last) {
      return;
    }
    for (const merged of all.slice(0, -1)) {
      await this.writeOne(revision, merged, transaction, context);
    }
    const header = await this.headerOf(last, context);
    const refused = (cause: unknown): never => {
      throw unlessConflict(cause, () => new AuditWriteError(cause));
    };
    const { hasWritten } = revision;
    revision.hasWritten = true;
    const options = {
      hasWritten,
      doubtful: revision.isCertain ? 'write' : 'refuse',
    } as const;
    const sent = await this.store.send(transaction, header, last.changes, options).catch(refused);
    if (!sent) {
      return;
    }
    const written = sent.written.then(() => this.written(revision, last, header), refused);
    revision.sent = written;
    // Awaited after the commit; the no-op handler keeps Node from reporting an unhandled rejection until then.
    written.catch(() => undefined);
    // The driver has put it on the wire by then, or has failed to: what was never sent cannot make the COMMIT fail.
    await Promise.race([written, nextTurn()]);
  }

  private async writeOne(
    revision: PendingRevision,
    merged: MergedChanges,
    transaction: SqlTransaction,
    context: CurrentContext | null,
  ): Promise<void> {
    const { changes } = merged;
    const header = await this.headerOf(merged, context);
    if (revision.sent !== null) {
      await revision.sent;
    }
    try {
      const { hasWritten } = revision;
      // Another flush may write before this one is answered; what it sends comes later on the connection.
      revision.hasWritten = true;
      const doubtful = await this.store.write(transaction, header, changes, {
        hasWritten,
        doubtful: revision.isCertain ? 'write' : 'return',
      });
      if (doubtful.length < changes.length) {
        this.written(revision, merged, header);
      }
      const real = doubtful.length > 0 ? await this.realChanges(doubtful, transaction) : [];
      revision.hasLeftOut ||= doubtful.some(
        ({ change }) => change.operation === 'update' && !real.includes(change),
      );
      if (real.length > 0) {
        await this.store.write(transaction, header, real, {
          hasWritten: true,
          doubtful: 'write',
        });
        this.written(revision, merged, header);
      }
    } catch (cause) {
      throw unlessConflict(cause, () => new AuditWriteError(cause));
    }
  }

  /**
   * The context of the moment of writing completes that of several flushes, where these are of one actor or of the one that is
   * known then; a flush that is all has its own.
   */
  private async headerOf(merged: MergedChanges, context: CurrentContext | null): Promise<NewRevision> {
    if (context !== null && context === merged.context) {
      return this.contexts.toNewRevision(context);
    }
    const now = await this.context.resolved();
    const isOfOne = !merged.isOneOfSeveral || mayBeOfOneActor(merged.context, now);
    return this.contexts.toNewRevision(isOfOne ? completeContext(merged.context, now) : merged.context);
  }

  private written(revision: PendingRevision, { context }: MergedChanges, { actor }: NewRevision): void {
    if (revision.counted === null || !mayBeOfOneActor(revision.counted, context)) {
      this.metrics.count('revisions');
      this.metrics.count('unattributed', actor.type === 'unknown' ? 1 : 0);
    }
    revision.counted = context;
  }

  /**
   * The newest change of these entities in the trail is a delete. Either another transaction has deleted them since
   * they were loaded, and our statement hit no row; or something unaudited has put them back.
   */
  private async realChanges(
    doubtful: readonly DoubtfulChange[],
    transaction: SqlTransaction,
  ): Promise<ChangeRecord[]> {
    const real: ChangeRecord[] = [];
    for (const { change, deletedState } of doubtful) {
      const isReal =
        change.operation === 'update'
          ? await this.rowExists(change, transaction)
          : !jsonEquals(withoutLinks(change.before), withoutLinks(deletedState));
      if (isReal) {
        real.push(change);
      }
    }
    return real;
  }
}

/** The links of the state were already lost when the first delete was recorded. */
function withoutLinks(state: JsonObject | null): JsonObject {
  return Object.fromEntries(Object.entries(state ?? {}).filter(([, value]) => linkIds(value) === undefined));
}

function mergedOf(unwritten: readonly UnwrittenChanges[]): readonly MergedChanges[] {
  return unwritten
    .map(({ records, context }) => ({
      changes: mergeChanges(records),
      context,
      isOneOfSeveral: unwritten.length > 1,
    }))
    .filter(({ changes }) => changes.length > 0);
}
