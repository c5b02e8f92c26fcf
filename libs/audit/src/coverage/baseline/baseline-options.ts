import type { FilterQuery } from '@mikro-orm/core';
import type { Actor } from '../../model/actor.js';
import type { CoverageScope } from '../tables/covered-classes.js';

export interface BaselineOptions extends CoverageScope {
  /** Conditions of MikroORM on the rows; for one class only. */
  readonly where?: FilterQuery<object>;
  /**
   * Why, in words for whoever reads the trail.
   * @default 'The state that existing rows had when their auditing began.'
   */
  readonly reason?: string;
  /** @default systemActor('audit-baseline') */
  readonly actor?: Actor;
  /**
   * Rows that are locked and recorded by one transaction, 1 to 5,000. More is faster, and writers of these rows wait longer.
   * @default 200
   */
  readonly batchSize?: number;
  /**
   * At most so many rows are recorded in a second.
   * @default as many as can be
   */
  readonly rowsPerSecond?: number;
  /**
   * Seconds to wait in the end for each row that somebody else keeps locked.
   * @default 30
   */
  readonly lockWait?: number;
  /** Ends the run after the batch that is going on. Recorded baselines stay; another run goes on with the rest. */
  readonly signal?: AbortSignal;
  /** Called after each batch, and awaited. */
  readonly onProgress?: (progress: BaselineProgress) => void | Promise<void>;
}

/** How far the rows of one class have been gone through. */
export interface BaselineProgress {
  /** Its name in the trail. */
  readonly entityType: string;
  /** Rows that were looked at so far. */
  readonly looked: number;
  /** Those of them that were recorded now; the trail had the others already. */
  readonly recorded: number;
  /** About how many rows there are; null where conditions leave some out. */
  readonly estimate: number | null;
}

/** The rows of one class, and how many of them a run has recorded. */
export interface BaselineResult extends Omit<BaselineProgress, 'estimate'> {
  /** Entity ids of rows that somebody else kept locked all the time; they are not recorded. */
  readonly locked: readonly string[];
}

export interface BaselineReport {
  readonly entities: readonly BaselineResult[];
  /** False when it was ended by the signal, or rows were locked: run it again. */
  readonly complete: boolean;
}
