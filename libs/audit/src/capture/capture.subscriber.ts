import type {
  EntityManager,
  EventSubscriber,
  FlushEventArgs,
  TransactionEventArgs,
  UnitOfWork,
} from '@mikro-orm/core';
import type { CurrentContext } from '../context/context-values.js';
import { AuditError } from '../errors/audit-error.js';
import { AuditCaptureError, AuditTransactionRequiredError } from '../errors/write-errors.js';
import type { ChangeRecord } from '../model/change-record.js';
import type { CaptureEnvironment } from './capture-environment.js';
import { FailedEntities } from './failed-entities.js';
import { FlushCapture } from './flush-capture.js';
import type { RevisionSink } from './revision-sink.js';
import type { PendingRevision, TransactionScope } from './transaction-scope.js';

interface RunningFlush {
  readonly capture: FlushCapture;
  readonly context: CurrentContext;
  /** True when MikroORM opens the transaction for this flush alone. */
  readonly isImplicit: boolean;
  /** Why reading failed, where MikroORM does not survive a throw. */
  failure?: unknown;
}

/** Entities that believe their values to be stored, once their flush has run. */
interface Touched {
  readonly entityType: string;
  readonly entities: readonly object[];
}

/**
 * Listens to flushes and transactions of one MikroORM instance, alone: MikroORM waits for each listener of each event.
 * State is keyed by unit of work (one flush at a time) and by transaction object. The event order this relies on is that
 * of MikroORM 7:
 *
 * - implicit flush: onFlush, begin, afterTransactionStart, statements, beforeTransactionCommit, commit, afterFlush
 * - in a transaction: onFlush, statements, afterFlush; and beforeTransactionCommit when it ends
 * - in a transaction that MikroORM did not begin there are no transaction events at all
 */
export class CaptureSubscriber implements EventSubscriber {
  private readonly flushes = new WeakMap<UnitOfWork, RunningFlush>();
  /** What the latest flush of a transaction has sent. */
  private readonly touched = new WeakMap<PendingRevision, Touched>();
  /** Statements that travel with the COMMIT of their transaction, and are not answered yet. */
  private readonly sent = new WeakMap<
    object,
    { readonly written: Promise<void>; readonly touched: Touched | undefined }
  >();
  private readonly seenExtraUpdates = new WeakSet<object>();
  /** Units of work whose flush leaves no trace. */
  private readonly unaudited = new WeakSet<UnitOfWork>();
  private readonly failed = new FailedEntities();

  constructor(
    private readonly environment: CaptureEnvironment,
    private readonly sink: RevisionSink,
    private readonly maxBufferedChanges: number,
  ) {}

  async onFlush({ em, uow }: FlushEventArgs): Promise<void> {
    this.flushes.delete(uow);
    this.unaudited.delete(uow);
    this.failed.assertNoneIn(uow);
    const capture = FlushCapture.begin(em, uow, this.environment, this.seenExtraUpdates);
    if (!capture) {
      return;
    }
    const suspension = this.sink.suspension();
    if (suspension) {
      suspension.note(capture.policies.map(({ entityType }) => entityType));
      this.unaudited.add(uow);
      return;
    }
    const isImplicit = !em.isInTransaction();
    if (isImplicit && !opensTransaction(em)) {
      throw new AuditTransactionRequiredError(capture.entityType);
    }
    const context = await this.sink.context();
    this.sink.check(context, () => capture.policies);
    this.flushes.set(uow, { capture, context, isImplicit });
    if (!isImplicit && capture.needsReading) {
      await capture.read(em.getTransactionContext());
    }
  }

  beforeTransactionStart(args: TransactionEventArgs): void {
    this.environment.transactions.starts(args);
  }

  afterTransactionStart(args: TransactionEventArgs): Promise<void> | undefined {
    this.environment.transactions.hasStarted(args);
    const flush = args.uow && this.flushes.get(args.uow);
    return flush?.isImplicit && flush.capture.needsReading ? readIn(args, flush) : undefined;
  }

  async beforeTransactionCommit({ uow, transaction }: TransactionEventArgs): Promise<void> {
    const scope = this.environment.transactions.find(transaction);
    if (!uow || !transaction || !scope) {
      return;
    }
    this.forgetUnaudited(uow);
    const flush = this.flushes.get(uow);
    const touched = flush?.isImplicit ? touchedBy(flush) : this.touched.get(scope.revision);
    try {
      if (flush?.isImplicit) {
        await this.finishFlush(uow, flush, scope, transaction);
      }
      if (scope.isOutermost) {
        scope.revision.closed = true;
        await (this.sink.send
          ? this.sendLast(this.sink.send, scope, transaction, touched)
          : this.sink.write(scope.revision, scope.drain(), transaction));
      }
    } catch (error) {
      throw this.refusingReuse(touched, error);
    }
  }

  afterFlush({ em, uow }: FlushEventArgs): Promise<void> | undefined {
    this.forgetUnaudited(uow);
    const flush = this.flushes.get(uow);
    const transaction = em.getTransactionContext<object>();
    if (!flush || flush.isImplicit || !transaction) {
      this.flushes.delete(uow);
      return undefined;
    }
    const scope = this.environment.transactions.of(transaction);
    const touched = touchedBy(flush);
    this.touched.set(scope.revision, touched);
    return this.finishFlush(uow, flush, scope, transaction).catch((error: unknown) => {
      throw this.refusingReuse(touched, error);
    });
  }

  afterTransactionCommit({ transaction }: TransactionEventArgs): Promise<void> | undefined {
    this.environment.transactions.find(transaction)?.release();
    const sent = transaction && this.sent.get(transaction);
    if (!sent) {
      return undefined;
    }
    this.sent.delete(transaction);
    // A refused statement has made PostgreSQL answer the COMMIT with a ROLLBACK, which is no error to MikroORM.
    return sent.written.catch((error: unknown) => {
      throw this.refusingReuse(sent.touched, error);
    });
  }

  afterTransactionRollback({ uow, transaction }: TransactionEventArgs): void {
    this.environment.transactions.find(transaction)?.rollBack();
    if (uow) {
      this.environment.snapshots.distrustCollections(uow);
      this.flushes.delete(uow);
    }
  }

  /** What the unit of work believes to be stored is what was sent, and nobody has looked at what became of it. */
  private forgetUnaudited(uow: UnitOfWork): void {
    if (this.unaudited.has(uow)) {
      this.environment.snapshots.distrustAll(uow);
    }
  }

  private async finishFlush(
    uow: UnitOfWork,
    flush: RunningFlush,
    scope: TransactionScope,
    transaction: object,
  ): Promise<void> {
    this.flushes.delete(uow);
    if (flush.failure !== undefined) {
      throw new AuditCaptureError(flush.capture.entityType, flush.failure);
    }
    const chunks = flush.capture.finish(transaction);
    for (;;) {
      const records = await nextOf(chunks, flush);
      if (!records) {
        return;
      }
      if (records.length > 0) {
        scope.add(records, flush.context);
      }
      if (scope.revision.closed || scope.size >= this.maxBufferedChanges) {
        await this.sink.write(scope.revision, scope.drain(), transaction);
      }
    }
  }

  private async sendLast(
    send: NonNullable<RevisionSink['send']>,
    scope: TransactionScope,
    transaction: object,
    touched: Touched | undefined,
  ): Promise<void> {
    const sent = await send(scope.revision, scope.drain(), transaction);
    if (sent) {
      this.sent.set(transaction, { ...sent, touched });
    }
  }

  /** When our part of a transaction fails, its unit of work must not be used again as if nothing had been lost. */
  private refusingReuse(touched: Touched | undefined, error: unknown): unknown {
    if (touched && error instanceof AuditError) {
      this.failed.add(touched.entityType, touched.entities);
    }
    return error;
  }
}

/** MikroORM would open a transaction for a flush outside one. */
function opensTransaction(em: EntityManager): boolean {
  return em.config.get('implicitTransactions') !== false && em.getPlatform().supportsTransactions();
}

function touchedBy(flush: RunningFlush): Touched {
  return { entityType: flush.capture.entityType, entities: flush.capture.entities };
}

async function readIn({ em, transaction }: TransactionEventArgs, flush: RunningFlush): Promise<void> {
  try {
    await flush.capture.read(transaction);
  } catch (cause) {
    // A throw in this event would leak the pooled connection; it is thrown before the commit instead.
    flush.failure = cause;
    em.config
      .getLogger()
      .warn('info', `nestjs-mikro-audit: reading before the flush failed: ${String(cause)}`);
  }
}

/** Null after the last. */
async function nextOf(
  chunks: ReturnType<FlushCapture['finish']>,
  { capture }: RunningFlush,
): Promise<readonly ChangeRecord[] | null> {
  try {
    const { done, value } = chunks.next();
    return done ? null : await value;
  } catch (cause) {
    throw new AuditCaptureError(capture.entityType, cause);
  }
}
