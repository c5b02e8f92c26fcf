import { mergeChanges } from '../capture/change-merger.js';
import type { PendingRevision } from '../capture/transaction-scope.js';
import type { AuditContext } from '../context/audit-context.js';
import { AuditWriteError } from '../errors/write-errors.js';
import type { ChangeRecord } from '../model/change-record.js';
import type { JsonObject } from '../model/json.js';
import { jsonEquals } from '../serialize/canonical-json.js';
import { linkIds } from '../serialize/links.js';
import type { AuditStore, DoubtfulChange, SqlTransaction } from '../store/audit-store.js';
import { completeContext, resolveContext, toNewRevision } from './revision-context.js';

/** Tells whether the row of a change is (still) in its table, as this transaction sees it. */
export type RowLookup = (change: ChangeRecord, transaction: SqlTransaction) => Promise<boolean>;

/** Writes what a transaction has gathered, with one statement, on the transaction's own connection. */
export class RevisionWriter {
  constructor(
    private readonly store: AuditStore,
    private readonly context: AuditContext,
    private readonly rowExists: RowLookup,
  ) {}

  /**
   * @param records in the order in which they happened; merged here
   * @throws AuditWriteError with the cause; the transaction must then be rolled back
   */
  async write(
    revision: PendingRevision,
    records: readonly ChangeRecord[],
    transaction: SqlTransaction,
  ): Promise<void> {
    const changes = mergeChanges(records);
    if (changes.length === 0) {
      return;
    }
    const context = completeContext(revision.context, await resolveContext(this.context));
    const header = toNewRevision(context);
    try {
      const first = await this.store.write(transaction, header, changes, { revisionId: revision.revisionId });
      revision.revisionId = first.revisionId;
      const real = await this.realChanges(first.doubtful, transaction);
      if (real.length > 0) {
        const options = { revisionId: revision.revisionId, force: true };
        const second = await this.store.write(transaction, header, real, options);
        revision.revisionId = second.revisionId;
      }
    } catch (cause) {
      throw new AuditWriteError(cause);
    }
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
