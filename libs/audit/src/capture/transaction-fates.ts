import type { TransactionEventArgs, UnitOfWork } from '@mikro-orm/core';

/** What became of a transaction, or of a savepoint in it. */
interface Fate {
  /** Null for the transaction itself. */
  readonly outer: Fate | null;
  end: 'open' | 'kept' | 'undone';
}

/**
 * Follows MikroORM's transactions to their end. One that MikroORM did not begin stays open for ever, because nobody
 * tells when it ends: what was seen in it is believed only inside it.
 */
export class TransactionFates {
  private readonly fates = new WeakMap<object, Fate>();
  private readonly starting = new WeakMap<UnitOfWork, object>();

  /** `transaction` is the one around, if there is one. */
  starts({ uow, transaction }: TransactionEventArgs): void {
    if (uow && transaction) {
      this.starting.set(uow, transaction);
    }
  }

  hasStarted({ uow, transaction }: TransactionEventArgs): void {
    if (!uow || !transaction) {
      return;
    }
    const around = transaction.savepointName === undefined ? undefined : this.starting.get(uow);
    this.starting.delete(uow);
    this.fates.set(transaction, { outer: around ? this.fateOf(around) : null, end: 'open' });
  }

  ends(transaction: object | undefined, end: 'kept' | 'undone'): void {
    const fate = transaction && this.fates.get(transaction);
    if (fate) {
      fate.end = end;
    }
  }

  /**
   * Whether what was seen in one transaction holds in another one: because it is committed, or because both are the
   * same one and the savepoint in which it was seen is not undone.
   */
  holds(seenIn: object, now: object | undefined): boolean {
    const fate = this.fateOf(seenIn);
    if (lineOf(fate).some(({ end }) => end === 'undone')) {
      return false;
    }
    return (
      lineOf(fate).every(({ end }) => end === 'kept') || (now !== undefined && isSame(fate, this.fateOf(now)))
    );
  }

  private fateOf(transaction: object): Fate {
    const fate = this.fates.get(transaction) ?? { outer: null, end: 'open' };
    this.fates.set(transaction, fate);
    return fate;
  }
}

function isSame(one: Fate, other: Fate): boolean {
  return lineOf(one).at(-1) === lineOf(other).at(-1);
}

/** The savepoint and those around it, the transaction last. */
function lineOf(fate: Fate): readonly Fate[] {
  const line: Fate[] = [];
  for (let one: Fate | null = fate; one; one = one.outer) {
    line.push(one);
  }
  return line;
}
