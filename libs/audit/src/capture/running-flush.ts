import type { EntityManager, TransactionEventArgs } from '@mikro-orm/core';
import type { CurrentContext } from '../context/context-values.js';
import { AuditCaptureError } from '../errors/write-errors.js';
import type { FlushPlan, PreparedFlush } from './change-source.js';
import { unlessConflict } from './orm/conflict.js';
import { rollBackAtStart } from './orm/transaction-start.js';

/** A flush of audited entities, from `onFlush` to the end of its statements. */
export interface RunningFlush {
  readonly plan: FlushPlan;
  readonly context: CurrentContext;
  /** True when MikroORM opens the transaction for this flush alone. */
  readonly isImplicit: boolean;
  /** Null until everything is read that has to be read; no statement is sent before. */
  prepared: PreparedFlush | null;
}

/** MikroORM would open a transaction for a flush outside one. */
export function opensTransaction(em: EntityManager): boolean {
  return em.config.get('implicitTransactions') !== false && em.getPlatform().supportsTransactions();
}

/** Reads in the transaction that MikroORM has begun for the flush, which is rolled back where that fails. */
export async function prepareIn(
  { em, transaction }: TransactionEventArgs,
  flush: RunningFlush,
): Promise<void> {
  try {
    flush.prepared = await flush.plan.prepare(transaction);
  } catch (cause) {
    await rollBackAtStart(em, transaction);
    throw captureFailure(flush.plan.entityType, cause);
  }
}

export function captureFailure(entityType: string, cause: unknown): unknown {
  return unlessConflict(cause, () => new AuditCaptureError(entityType, cause));
}
