/** How much was changed, by day. */
export interface Activity {
  /** In order; days without changes are left out. */
  readonly days: readonly ActivityDay[];
  /**
   * Changes are counted from this time on: `from`, or later where there is more than is counted at a time; of that very
   * moment, some may be missing then.
   */
  readonly countedFrom: Date;
}

/** The changes of a day. */
export interface ActivityDay {
  /** `YYYY-MM-DD` */
  readonly day: string;
  readonly total: number;
  /** Number of changes by entity type. */
  readonly counts: Readonly<Record<string, number>>;
}
