import { type EntityManager, IsolationLevel, TransactionPropagation } from '@mikro-orm/core';
import type { Block } from './script.js';
import type { Worker } from './worker.js';

/** Runs a callback with the EntityManager and in the transaction that a block is of. */
export async function inBlock(
  worker: Worker,
  { kind, isSerializable }: Block,
  callback: (inner: EntityManager) => Promise<void>,
): Promise<void> {
  const { em } = worker;
  const options =
    isSerializable && !em.isInTransaction() ? { isolationLevel: IsolationLevel.SERIALIZABLE } : {};
  switch (kind) {
    case 'nested':
      return em.transactional(callback, { ...options, propagation: TransactionPropagation.NESTED });
    case 'required':
      return em.transactional(callback, { ...options, propagation: TransactionPropagation.REQUIRED });
    case 'requires new':
      return em.transactional(callback, { propagation: TransactionPropagation.REQUIRES_NEW });
    case 'fork': {
      const inner = em.fork({ keepTransactionContext: true });
      await callback(inner);
      await inner.flush();
      em.clear();
      return;
    }
    case 'hand made':
      return em.getConnection().transactional(async (transaction) => {
        const inner = em.fork();
        inner.setTransactionContext(transaction);
        await callback(inner);
        await inner.flush();
      });
  }
}
