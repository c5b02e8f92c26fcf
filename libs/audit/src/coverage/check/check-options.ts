import type { Actor } from '../../model/actor.js';
import type { CoverageScope } from '../tables/covered-classes.js';
import type { CheckFinding, CheckFindingKind } from './check-finding.js';

export interface CheckOptions extends CoverageScope {
  /**
   * The part of the entities to look at, above 0 and up to 1, the same ones in each run.
   * @default 1
   */
  readonly sample?: number;
  /**
   * `CheckReport.position` of an earlier check: only entities that were written to the trail since.
   * @default all
   */
  readonly since?: string;
  /** The last `CheckProgress.resume` of a run with the same options that was ended: goes on behind it. */
  readonly resume?: string;
  /**
   * Where the trail and the tables are read: `replica` is one of the `replicas` of the MikroORM configuration. Corrections are made
   * on the primary only, so not together with `record`.
   * @default 'primary'
   */
  readonly readFrom?: 'primary' | 'replica';
  /**
   * Writes what is right for each finding as a revision of its own: a baseline of a row that is there, a delete of one that is
   * not. Nothing that is recorded is changed.
   * @default only reports
   */
  readonly record?: CorrectionOptions;
  /**
   * Findings that the report holds; all are counted, and handed to `onFinding`.
   * @default 1000
   */
  readonly maxFindings?: number;
  /** Ends the run after the page that is going on. */
  readonly signal?: AbortSignal;
  /** Called for each finding, and awaited. */
  readonly onFinding?: (finding: CheckFinding) => void | Promise<void>;
  /** Called after each page, and awaited. */
  readonly onProgress?: (progress: CheckProgress) => void | Promise<void>;
}

/** Who corrects, and why. */
export interface CorrectionOptions {
  readonly reason: string;
  /** @default systemActor('audit-check') */
  readonly actor?: Actor;
}

export interface CheckProgress {
  /** Name in the trail of the class whose table is gone through. */
  readonly entityType: string;
  /** Entities of the trail first, then rows. */
  readonly part: 'trail' | 'table';
  /** Entities or rows of this part so far. */
  readonly looked: number;
  /** About how many rows there are. */
  readonly estimate: number;
  /** For the option `resume`. */
  readonly resume: string;
}

export interface CheckReport {
  /** Entities of the trail that were compared. */
  readonly entities: number;
  /** Changes that were replayed. */
  readonly changes: number;
  /** Rows of which it was looked up whether the trail knows them; 0 with `since`. */
  readonly rows: number;
  readonly counts: Readonly<Record<CheckFindingKind, number>>;
  /** The first ones. */
  readonly findings: readonly CheckFinding[];
  /** Entities for which a correction was written; 0 without `record`. */
  readonly corrected: number;
  /** Where the trail ended when the check began, for `since` of the next one. */
  readonly position: string;
  /** False when it was ended by the signal. */
  readonly complete: boolean;
}
