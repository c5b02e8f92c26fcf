import type { UnitOfWork } from '@mikro-orm/core';
import { type CurrentContext, completeContext } from '../../context/context-values.js';
import type { ChangeRecord } from '../../model/change-record.js';

/** The entities of a flush, for errors that come later. */
export interface FlushedEntities {
  /** Name of an audited entity that is concerned. */
  readonly entityType: string;
  /** Those that MikroORM believes to be stored as they are, once the flush has run. */
  entities(): readonly object[];
}

/** Everything that one database transaction knows of its revision. */
export class PendingRevision {
  /** Whether this transaction may have written changes; a savepoint that was rolled back may have taken them away again. */
  hasWritten = false;
  /** Whether it is counted as written. */
  isCounted = false;
  /** Whether all statements so far are known to have hit the rows that they name. */
  isCertain = true;
  /** True once the changes were written for the commit: a flush that comes still later writes at once. */
  closed = false;
  /** A statement that was sent with the commit in mind and is not answered yet. */
  sent: Promise<void> | null = null;
  /** The entities of the latest flush; null before the first. */
  flushed: FlushedEntities | null = null;
  /** Those that were flushed in the transaction. */
  readonly unitsOfWork = new Set<UnitOfWork>();
  /** Whether an update was left out, because its row was gone: its entity has values that were never stored. */
  hasLeftOut = false;
}

/** The part of a transaction that is to be written now. */
export interface UnwrittenChanges {
  /** In the order in which they happened. */
  readonly records: readonly ChangeRecord[];
  /**
   * Of all flushes of the transaction that are not undone, written or not: what one does not say, a later one may. Null
   * before the first.
   */
  readonly context: CurrentContext | null;
}

type End = 'open' | 'kept' | 'undone';

/** Records of an outer scope that were written inside a savepoint: they are safe only once it is released. */
interface Loan {
  readonly owner: TransactionScope;
  readonly records: readonly ChangeRecord[];
}

/**
 * The changes of a transaction, or of a savepoint in it, that are not written yet, and who made its changes and why. A
 * released savepoint hands both to the scope around it, a rolled back one drops them.
 */
export class TransactionScope {
  private records: ChangeRecord[] = [];
  private loans: Loan[] = [];
  /** Of the flushes in this scope, not of those around it: they came before the savepoint was opened. */
  private context: CurrentContext | null = null;
  /** The savepoint that is open in this scope: whatever the connection does now, it does inside that one. */
  private inner: TransactionScope | null = null;
  private ownEnd: End = 'open';

  /** @param outer null for the transaction itself */
  private constructor(
    private readonly outer: TransactionScope | null,
    readonly revision: PendingRevision,
  ) {}

  static root(): TransactionScope {
    return new TransactionScope(null, new PendingRevision());
  }

  savepoint(): TransactionScope {
    this.inner = new TransactionScope(this, this.revision);
    return this.inner;
  }

  /** True for the transaction itself, false for a savepoint in it. */
  get isOutermost(): boolean {
    return this.outer === null;
  }

  /** The transaction itself. */
  get outermost(): TransactionScope {
    return this.outer?.outermost ?? this;
  }

  /** The end of the work done here: a savepoint is kept when all around it are, and undone when one of them is. */
  get end(): End {
    const around = this.outer?.end ?? 'kept';
    return this.ownEnd === 'undone' || around === 'kept' ? this.ownEnd : around;
  }

  /** Unwritten records of the whole transaction. */
  get size(): number {
    let size = 0;
    for (let scope: TransactionScope | null = this.innermost; scope; scope = scope.outer) {
      size += scope.records.length;
    }
    return size;
  }

  /**
   * Records changes of one flush; an EntityManager of an outer scope that is used inside a savepoint works inside that
   * too.
   */
  add(records: readonly ChangeRecord[], context: CurrentContext): void {
    this.innermost.append(records, context);
  }

  private get innermost(): TransactionScope {
    return this.inner?.innermost ?? this;
  }

  private append(records: readonly ChangeRecord[], context: CurrentContext | null): void {
    for (const record of records) {
      this.records.push(record);
    }
    if (context) {
      this.context = completeContext(this.context, context);
    }
  }

  /** The scopes around were flushed in before this one was opened, so what they say comes first. */
  private get contextSoFar(): CurrentContext | null {
    const around = this.outer?.contextSoFar ?? null;
    return this.context ? completeContext(around, this.context) : around;
  }

  /**
   * Takes all unwritten records, in order, to be written on the connection of the transaction. Those of outer scopes come back
   * to them if this savepoint is rolled back, because the database then drops their rows.
   */
  drain(): UnwrittenChanges {
    if (this.inner) {
      return this.inner.drain();
    }
    const drained: ChangeRecord[] = [];
    for (let owner = this.outer; owner; owner = owner.outer) {
      if (owner.records.length > 0) {
        this.loans.push({ owner, records: owner.records });
        drained.unshift(...owner.records);
        owner.records = [];
      }
    }
    const all = drained.concat(this.records);
    this.records = [];
    return { records: all, context: this.contextSoFar };
  }

  /** The savepoint was released. */
  release(): void {
    this.ownEnd = 'kept';
    const { outer } = this;
    if (outer) {
      outer.append(this.records, this.context);
      outer.loans.push(...this.loans.filter((loan) => loan.owner !== outer));
    }
    this.reset();
  }

  /** The savepoint, or the whole transaction, was rolled back. */
  rollBack(): void {
    this.ownEnd = 'undone';
    for (const { owner, records } of this.loans.toReversed()) {
      owner.records = [...records, ...owner.records];
    }
    this.reset();
  }

  private reset(): void {
    this.records = [];
    this.loans = [];
    this.context = null;
    this.inner = null;
    if (this.outer?.inner === this) {
      this.outer.inner = null;
    }
  }
}
