import type { EntityManager, UnitOfWork } from '@mikro-orm/core';
import type { ChangeRecord } from '../model/change-record.js';
import type { EntityPolicy } from '../policy/entity-policy.js';
import type { FlushedEntities } from './transaction/transaction-scope.js';

/** A value, or a promise for it where somebody has to be asked: a plain flush awaits nothing. */
export type MaybePromise<Value> = Value | Promise<Value>;

/** Where changes come from. A flush goes through three phases, each a type of its own, so that none can be skipped. */
export interface ChangeSource {
  /** Before the first statement of a flush. Null when it has nothing to record. */
  plan(em: EntityManager, unitOfWork: UnitOfWork): FlushPlan | null;
}

/** A flush that has begun and sent nothing yet. */
export interface FlushPlan extends FlushedEntities {
  /** The audited entities of which something is written that is not ignored, one policy for each. */
  policies(): readonly EntityPolicy[];
  /** False when `prepare` sends nothing. */
  readonly isReading: boolean;
  /**
   * Reads, in the transaction of the flush and before its first statement.
   * @param transaction undefined only where nothing is read
   */
  prepare(transaction: object | undefined): MaybePromise<PreparedFlush>;
}

/** A flush whose statements may be sent: everything that they make unknown has been read. */
export interface PreparedFlush {
  /** After the last statement, in the transaction. */
  conclude(transaction: object): MaybePromise<FlushedChanges>;
}

/** A flush whose statements have run. */
export interface FlushedChanges extends FlushedEntities {
  /** Whether the changes so far are of rows that its statements are known to have hit. */
  readonly isCertain: boolean;
  /** Its changes, in chunks of bounded size. Each chunk is to be awaited before the next one is asked for. */
  chunks(): Iterable<MaybePromise<readonly ChangeRecord[]>>;
}
