// #region imports
import { EntityManager } from '@mikro-orm/core';
import { type Actor, AuditContext, AuditError } from 'nestjs-mikro-audit';
import { Book } from './quick-start.js';

// #endregion

// #region one-revision
/** Two flushes, one transaction: one revision, in which each book has one change. */
export async function moveStock(em: EntityManager, from: number, to: number, count: number): Promise<void> {
  await em.transactional(async (tx) => {
    const source = await tx.findOneOrFail(Book, from);
    source.stock -= count;
    await tx.flush();
    const target = await tx.findOneOrFail(Book, to);
    target.stock += count;
  });
}
// #endregion

// #region savepoint
/** The inner transaction is a savepoint. When it fails, its changes are in neither the table nor the trail. */
export async function addWithExtra(
  em: EntityManager,
  title: string,
  extra: () => Promise<void>,
): Promise<void> {
  await em.transactional(async (tx) => {
    tx.create(Book, { title, stock: 0 });
    await tx.flush();
    await tx
      .transactional(async (inner) => {
        inner.create(Book, { title: `${title}, second copy`, stock: 0 });
        await inner.flush();
        await extra();
      })
      .catch(() => undefined);
  });
}
// #endregion

/** A book that a customer buys. */
interface Sale {
  readonly bookId: number;
  readonly customer: Actor;
}

// #region actors
/** Sells books to several customers: all or nothing, and each change says to whom. */
export async function sellAll(em: EntityManager, context: AuditContext, sales: Sale[]): Promise<void> {
  await em.transactional(async (tx) => {
    for (const { bookId, customer } of sales) {
      await context.run({ actor: customer }, async () => {
        const book = await tx.findOneOrFail(Book, bookId);
        book.stock -= 1;
        await tx.flush();
      });
    }
  });
}
// #endregion

// #region hand-made
/** A transaction that MikroORM's EntityManager did not open: each flush writes its audit rows itself. */
export async function handMade(em: EntityManager, title: string): Promise<void> {
  await em.getConnection().transactional(async (transaction) => {
    const fork = em.fork();
    fork.setTransactionContext(transaction);
    fork.create(Book, { title, stock: 1 });
    await fork.flush();
  });
}
// #endregion

// #region retry
/** Repeats the work once, on a fresh EntityManager, when the trail could not be written. */
export async function withRetry<T>(em: EntityManager, work: (fork: EntityManager) => Promise<T>): Promise<T> {
  try {
    return await work(em.fork());
  } catch (error) {
    if (error instanceof AuditError && error.code === 'AUDIT_WRITE_FAILED') return work(em.fork());
    throw error;
  }
}
// #endregion
