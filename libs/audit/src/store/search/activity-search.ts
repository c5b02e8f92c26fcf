import type { ChangeFilter } from './change-filter.js';

export interface ActivitySearch {
  readonly filter: ChangeFilter;
  /** A name that `isTimeZone` knows. */
  readonly timeZone: string;
  /** Changes to look at. */
  readonly limit: number;
}

export interface ActivityCounts {
  readonly counts: readonly {
    /** `YYYY-MM-DD` */
    readonly day: string;
    readonly entityType: string;
    readonly count: number;
  }[];
  /** Changes before this time were not looked at; null when all were. */
  readonly countedFrom: Date | null;
}
