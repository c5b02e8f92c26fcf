import { AsyncLocalStorage } from 'node:async_hooks';
import type { ConnectionType, MikroORM } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { SqlTransaction } from '../../model/sql-transaction.js';
import { runStatement } from './sql-statement.js';

/** By which the trail of one MikroORM instance is read. */
export class TrailConnection {
  private readonly signals = new AsyncLocalStorage<AbortSignal>();

  constructor(private readonly orm: MikroORM) {}

  /** Statements under `read` end on the server too when the signal says so. */
  abortable<Result>(signal: AbortSignal, read: () => Promise<Result>): Promise<Result> {
    return this.signals.run(signal, read);
  }

  /**
   * Reads in the transaction of the caller's EntityManager, if it has one: a pool of one must not wait for itself.
   * @param from where there is no transaction: `read` is a replica, if there is one
   */
  async read<Row>(
    from: ConnectionType,
    sql: string,
    parameters: readonly unknown[],
  ): Promise<readonly Row[]> {
    const em = this.orm.em.getContext(false) as EntityManager;
    const executor: SqlTransaction =
      em.getTransactionContext<SqlTransaction>() ?? em.getConnection(from).getClient();
    const signal = this.signals.getStore();
    const abort = signal && ({ signal, inflightQueryAbortStrategy: 'cancel query' } as const);
    return runStatement<Row>(executor, sql, parameters, em.getDriver(), abort);
  }
}
