import { type EntityManager, type TransactionEventArgs, TransactionEventBroadcaster } from '@mikro-orm/core';
import type { AbstractSqlDriver } from '@mikro-orm/postgresql';

/**
 * For a listener of `afterTransactionStart` that is about to throw: MikroORM would neither roll back nor give the
 * connection back to the pool. Listeners hear of the rollback as of any other.
 */
export async function rollBackAtStart(
  em: EntityManager,
  transaction: TransactionEventArgs['transaction'],
): Promise<void> {
  const connection = (em.getDriver() as AbstractSqlDriver).getConnection('write');
  try {
    await connection.rollback(transaction as never, new TransactionEventBroadcaster(em));
  } catch (error) {
    // The connection is gone, and the transaction with it; the caller's own error says why.
    em.config.getLogger().warn('info', `nestjs-mikro-audit: the rollback failed: ${String(error)}`);
  }
}
