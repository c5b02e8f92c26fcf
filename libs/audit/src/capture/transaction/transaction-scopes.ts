import type { TransactionEventArgs, UnitOfWork } from '@mikro-orm/core';
import { TransactionScope } from './transaction-scope.js';

/**
 * Follows MikroORM's transactions to their end. One that MikroORM did not begin stays open for ever, because nobody
 * tells when it ends: what was seen in it is believed only inside it.
 */
export class TransactionScopes {
  private readonly scopes = new WeakMap<object, TransactionScope>();
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
    const outer = transaction.savepointName === undefined ? undefined : this.starting.get(uow);
    if (outer) {
      this.starting.delete(uow);
    }
    this.scopes.set(transaction, outer ? this.of(outer).savepoint() : TransactionScope.root());
  }

  /** Undefined for one that MikroORM did not begin, unless something was seen or captured in it. */
  find(transaction: object | undefined): TransactionScope | undefined {
    return transaction && this.scopes.get(transaction);
  }

  /** Nobody will tell when an unknown one ends: what is captured in it is written with each flush. */
  of(transaction: object): TransactionScope {
    const known = this.scopes.get(transaction);
    if (known) {
      return known;
    }
    const handMade = TransactionScope.root();
    handMade.revision.closed = true;
    // Its savepoints and other MikroORM instances may know the same transaction by another object.
    handMade.revision.hasWritten = true;
    this.scopes.set(transaction, handMade);
    return handMade;
  }

  /**
   * Whether what was seen in one transaction holds in another one: because it is committed, or because both are the
   * same one and the savepoint in which it was seen is not undone.
   */
  holds(seenIn: object, now: object | undefined): boolean {
    const scope = this.of(seenIn);
    switch (scope.end) {
      case 'undone':
        return false;
      case 'kept':
        return true;
      case 'open':
        return now !== undefined && scope.outermost === this.of(now).outermost;
    }
  }
}
