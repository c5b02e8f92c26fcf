import type {
  EntityManager,
  EventSubscriber,
  FlushEventArgs,
  TransactionEventArgs,
  UnitOfWork,
} from '@mikro-orm/core';
import type { CurrentContext } from '../context/context-values.js';
import { AuditTransactionRequiredError } from '../errors/write-errors.js';
import type { SqlTransaction } from '../model/sql-transaction.js';
import type { SnapshotTrust } from './believe/snapshot-trust.js';
import type { ChangeSource, FlushPlan } from './change-source.js';
import type { RevisionSink } from './revision-sink.js';
import { captureFailure, opensTransaction, prepareIn, type RunningFlush } from './running-flush.js';
import type { StatementNotes } from './statement-notes.js';
import { StaleEntities } from './transaction/stale-entities.js';
import type { TransactionScope } from './transaction/transaction-scope.js';
import type { TransactionScopes } from './transaction/transaction-scopes.js';

/**
 * Listens to flushes and transactions of one MikroORM instance, alone: MikroORM waits for each listener of each event.
 * State is kept by unit of work, which has one flush at a time, and by transaction. It relies on the event order of
 * MikroORM 7:
 *
 * - implicit flush: onFlush, begin, afterTransactionStart, statements, beforeTransactionCommit, commit, afterFlush
 * - in a transaction: onFlush, statements, afterFlush; and beforeTransactionCommit when it ends
 * - in a transaction that MikroORM did not begin there are no transaction events at all
 */
export class CaptureSubscriber implements EventSubscriber {
  /** A flush that leaves no trace is null. */
  private readonly flushes = new WeakMap<UnitOfWork, RunningFlush | null>();
  private readonly stale = new StaleEntities();
  /** Null where no triggers record. */
  private notes: StatementNotes | null = null;

  constructor(
    private readonly source: ChangeSource,
    private readonly snapshots: SnapshotTrust,
    private readonly transactions: TransactionScopes,
    private readonly sink: RevisionSink,
    private readonly maxBufferedChanges: number,
  ) {}

  /** Has triggers that record what no flush does. */
  listenTo(notes: StatementNotes): void {
    this.notes = notes;
  }

  /** Writes what a transaction has gathered, so that what triggers write next comes after it. */
  async writeGathered(scope: TransactionScope, transaction: SqlTransaction): Promise<void> {
    try {
      await this.sink.write(scope.revision, scope.drain(), transaction, null);
      this.distrustLeftOut(scope);
    } catch (error) {
      throw this.refusingReuse(scope, error);
    }
  }

  onFlush({ em, uow }: FlushEventArgs): Promise<void> | undefined {
    this.flushes.delete(uow);
    this.stale.assertNoneIn(uow);
    const transaction = em.getTransactionContext<SqlTransaction>();
    const { notes } = this;
    return notes && transaction
      ? notes.beforeFlush(em, transaction).then(() => this.planFlush(em, uow))
      : this.planFlush(em, uow);
  }

  beforeTransactionStart(args: TransactionEventArgs): void {
    this.transactions.starts(args);
  }

  afterTransactionStart(args: TransactionEventArgs): Promise<void> | undefined {
    this.transactions.hasStarted(args);
    const flush = args.uow && this.flushes.get(args.uow);
    return flush?.isImplicit && !flush.prepared ? prepareIn(args, flush) : undefined;
  }

  async beforeTransactionCommit({ uow, transaction }: TransactionEventArgs): Promise<void> {
    const scope = this.transactions.find(transaction);
    if (!uow || !transaction || !scope) {
      return;
    }
    const flush = this.flushOf(uow);
    try {
      if (flush?.isImplicit) {
        await this.finishFlush(uow, flush, scope, transaction);
      }
      if (scope.isOutermost) {
        scope.revision.closed = true;
        const context = flush?.isImplicit ? flush.context : null;
        await (this.sink.send ?? this.sink.write)(scope.revision, scope.drain(), transaction, context);
        this.distrustLeftOut(scope);
      }
    } catch (error) {
      throw this.refusingReuse(scope, error);
    }
  }

  afterFlush({ em, uow }: FlushEventArgs): Promise<void> | undefined {
    const flush = this.flushOf(uow);
    const transaction = em.getTransactionContext<SqlTransaction>();
    if (!flush || flush.isImplicit || !transaction) {
      this.flushes.delete(uow);
      return undefined;
    }
    const scope = this.transactions.of(transaction);
    return this.finishFlush(uow, flush, scope, transaction).catch((error: unknown) => {
      throw this.refusingReuse(scope, error);
    });
  }

  afterTransactionCommit({ transaction }: TransactionEventArgs): Promise<void> | undefined {
    const scope = this.transactions.find(transaction);
    scope?.release();
    if (!scope?.isOutermost || !scope.revision.sent) {
      return undefined;
    }
    // A refused statement has made PostgreSQL answer the COMMIT with a ROLLBACK, which is no error to MikroORM.
    return scope.revision.sent.catch((error: unknown) => {
      throw this.refusingReuse(scope, error);
    });
  }

  afterTransactionRollback({ uow, transaction }: TransactionEventArgs): void {
    this.transactions.find(transaction)?.rollBack();
    if (uow) {
      this.snapshots.distrustCollections(uow);
      this.flushes.delete(uow);
    }
  }

  private planFlush(em: EntityManager, uow: UnitOfWork): Promise<void> | undefined {
    const plan = this.source.plan(em, uow);
    if (!plan) {
      return undefined;
    }
    const suspension = this.sink.suspension();
    if (suspension) {
      suspension.note(plan.policies().map(({ entityType }) => entityType));
      this.flushes.set(uow, null);
      return undefined;
    }
    const isImplicit = !em.isInTransaction();
    if (isImplicit && !opensTransaction(em)) {
      throw new AuditTransactionRequiredError(plan.entityType);
    }
    const context = this.sink.context();
    return context instanceof Promise
      ? context.then((resolved) => this.begin(em, uow, plan, resolved))
      : this.begin(em, uow, plan, context);
  }

  /** @returns undefined when nothing has to be awaited */
  private begin(
    em: EntityManager,
    uow: UnitOfWork,
    plan: FlushPlan,
    context: CurrentContext,
  ): Promise<void> | undefined {
    this.sink.check(context, () => plan.policies());
    const flush: RunningFlush = { plan, context, isImplicit: !em.isInTransaction(), prepared: null };
    this.flushes.set(uow, flush);
    if (plan.isReading && flush.isImplicit) {
      // It has no transaction yet.
      return undefined;
    }
    const prepared = plan.prepare(em.getTransactionContext<object>());
    if (!(prepared instanceof Promise)) {
      flush.prepared = prepared;
      return undefined;
    }
    return prepared.then(
      (read) => {
        flush.prepared = read;
      },
      (cause: unknown) => {
        throw captureFailure(plan.entityType, cause);
      },
    );
  }

  /** Undefined when nothing audited is flushed. After a flush without a trace nobody knows what became of its rows. */
  private flushOf(uow: UnitOfWork): RunningFlush | undefined {
    const flush = this.flushes.get(uow);
    if (flush === null) {
      this.snapshots.distrustAll(uow);
      return undefined;
    }
    return flush;
  }

  private async finishFlush(
    uow: UnitOfWork,
    { plan, context, prepared }: RunningFlush,
    scope: TransactionScope,
    transaction: SqlTransaction,
  ): Promise<void> {
    this.flushes.delete(uow);
    scope.revision.flushed = plan;
    scope.revision.unitsOfWork.add(uow);
    if (!prepared) {
      throw captureFailure(plan.entityType, new Error('the transaction was not announced by an event'));
    }
    try {
      const concluded = prepared.conclude(transaction);
      const changes = concluded instanceof Promise ? await concluded : concluded;
      scope.revision.flushed = changes;
      for (const chunk of changes.chunks()) {
        const records = chunk instanceof Promise ? await chunk : chunk;
        scope.revision.isCertain &&= changes.isCertain;
        if (records.length > 0) {
          scope.add(records, context);
        }
        if (scope.revision.closed || scope.size >= this.maxBufferedChanges) {
          await this.sink.write(scope.revision, scope.drain(), transaction, null);
        }
      }
      this.distrustLeftOut(scope);
    } catch (cause) {
      throw captureFailure(plan.entityType, cause);
    }
  }

  /** MikroORM takes an update for done whose row another transaction has deleted, and its values for stored ones. */
  private distrustLeftOut({ revision }: TransactionScope): void {
    if (revision.hasLeftOut) {
      for (const unitOfWork of revision.unitsOfWork) {
        this.snapshots.distrustAll(unitOfWork);
      }
    }
  }

  /** When our part of a transaction fails, its unit of work must not be used again as if nothing had been lost. */
  private refusingReuse({ revision }: TransactionScope, error: unknown): unknown {
    if (revision.flushed) {
      this.stale.add(revision.flushed);
    }
    return error;
  }
}
