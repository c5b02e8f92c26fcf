import type { Summary } from '../measure/summary.js';
import type { SectionId } from '../plan.js';

/** One line of a table: the same work of every variant. */
export interface Row {
  /** For example `insert 100`. */
  readonly name: string;
  /** Changes in one repetition of the work. */
  readonly changes: number;
  /** The variant without audit, that the others are compared with. */
  readonly base: Summary;
  /** Audited variants by name. */
  readonly variants: Readonly<Record<string, Summary>>;
  /** Highest ratio that was asked for; null where none was. */
  readonly goal: Goal | null;
}

export interface Goal {
  readonly variant: string;
  /** `wall` and `cpu` are at most so much times the base, `throughput` at least. */
  readonly of: 'wall and cpu' | 'wall' | 'cpu' | 'throughput';
  readonly ratio: number;
}

export interface Section {
  readonly id: SectionId;
  readonly rows: readonly Row[];
  /** Further figures, by name. */
  readonly extra?: Readonly<Record<string, number>>;
}

export interface BenchResult {
  readonly environment: Readonly<Record<string, string>>;
  readonly isQuick: boolean;
  readonly sections: readonly Section[];
}
