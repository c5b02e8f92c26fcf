import type { UnitOfWork } from '@mikro-orm/core';
import { type CurrentContext, completeContext, mayBeOfOneActor } from '../../context/context-values.js';
import type { ChangeRecord } from '../../model/change-record.js';

/** The entities of a flush, for errors that come later. */
export interface FlushedEntities {
  /** Name of an audited entity that is concerned. */
  readonly entityType: string;
  /** Those that MikroORM believes to be stored as they are, once the flush has run. */
  entities(): readonly object[];
}

/** Everything that one database transaction knows of what it writes to the trail. */
export class PendingRevision {
  /** Whether this transaction may have written changes; a savepoint that was rolled back may have taken them away again. */
  hasWritten = false;
  /** Whose revision was counted last; null before the first. */
  counted: CurrentContext | null = null;
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

/** Changes of one actor in a row that are to be written now. Another actor's changes are apart. */
export interface UnwrittenChanges {
  /** In the order in which they happened. */
  readonly records: readonly ChangeRecord[];
  /**
   * Of all flushes of this actor that are not undone, also of those that are written: what one does not say, a later one may.
   */
  readonly context: CurrentContext;
}

interface Run extends UnwrittenChanges {
  readonly records: ChangeRecord[];
  context: CurrentContext;
}

type End = 'open' | 'kept' | 'undone';

/** Records of an outer scope that were written inside a savepoint: they are safe only once it is released. */
interface Loan {
  readonly owner: TransactionScope;
  readonly runs: Run[];
}

/**
 * The changes of a transaction, or of a savepoint in it, that are not written yet, and who made its changes and why. A
 * released savepoint hands both to the scope around it, a rolled back one drops them.
 */
export class TransactionScope {
  /** Those of scopes around came before, because they came before the savepoint was opened. */
  private runs: Run[] = [];
  private loans: Loan[] = [];
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
      for (const { records } of scope.runs) {
        size += records.length;
      }
    }
    return size;
  }

  /**
   * Records changes of one flush; an EntityManager of an outer scope that is used inside a savepoint works inside that
   * too.
   */
  add(records: readonly ChangeRecord[], context: CurrentContext): void {
    const { innermost } = this;
    const around = innermost.runs.length === 0 ? (innermost.outer?.lastContext ?? null) : null;
    const isOfOne = around !== null && mayBeOfOneActor(around, context);
    follow(innermost.runs, { records, context: isOfOne ? completeContext(around, context) : context });
  }

  private get innermost(): TransactionScope {
    return this.inner?.innermost ?? this;
  }

  /** Null before the first flush. */
  private get lastContext(): CurrentContext | null {
    return this.runs.at(-1)?.context ?? this.outer?.lastContext ?? null;
  }

  /**
   * Takes all unwritten records, in order, to be written on the connection of the transaction. Those of outer scopes come back
   * to them if this savepoint is rolled back, because the database then drops their rows.
   */
  drain(): readonly UnwrittenChanges[] {
    if (this.inner) {
      return this.inner.drain();
    }
    const drained: Run[] = [];
    for (const scope of this.fromOutermost()) {
      const taken = scope.take();
      for (const run of taken) {
        follow(drained, run);
      }
      if (scope !== this && taken.some(({ records }) => records.length > 0)) {
        this.loans.push({ owner: scope, runs: taken });
      }
    }
    return drained.filter(({ records }) => records.length > 0);
  }

  private fromOutermost(): readonly TransactionScope[] {
    return [...(this.outer?.fromOutermost() ?? []), this];
  }

  /** Hands over its runs; of the last actor it still knows the context then. */
  private take(): Run[] {
    const taken = this.runs;
    this.runs = taken.slice(-1).map(({ context }) => ({ records: [], context }));
    return taken;
  }

  /** The savepoint was released. */
  release(): void {
    this.ownEnd = 'kept';
    const { outer } = this;
    if (outer) {
      for (const run of this.runs) {
        follow(outer.runs, run);
      }
      outer.loans.push(...this.loans.filter((loan) => loan.owner !== outer));
    }
    this.reset();
  }

  /** The savepoint, or the whole transaction, was rolled back. */
  rollBack(): void {
    this.ownEnd = 'undone';
    for (const { owner, runs } of this.loans.toReversed()) {
      for (const run of owner.runs) {
        follow(runs, run);
      }
      owner.runs = runs;
    }
    this.reset();
  }

  private reset(): void {
    this.runs = [];
    this.loans = [];
    this.inner = null;
    if (this.outer?.inner === this) {
      this.outer.inner = null;
    }
  }
}

/** Adds what came next: to what the same actor did just before, or apart from what another one did. */
function follow(runs: Run[], { records, context }: UnwrittenChanges): void {
  const last = runs.at(-1);
  if (!last || !mayBeOfOneActor(last.context, context)) {
    runs.push({ records: [...records], context });
    return;
  }
  for (const record of records) {
    last.records.push(record);
  }
  if (last.context !== context) {
    last.context = completeContext(last.context, context);
  }
}
