import type { Activity } from '../../model/activity.js';

/** How much was changed, by day. */
export interface ActivityView {
  /** In order; days without changes are left out. */
  readonly days: readonly {
    /** `YYYY-MM-DD` */
    readonly day: string;
    readonly total: number;
    readonly byEntityType: Readonly<Record<string, number>>;
  }[];
  /** Changes are counted from this time on: `from`, or later where there is more than is counted at a time. */
  readonly countedFrom: string;
}

export function activityView({ days, countedFrom }: Activity): ActivityView {
  return {
    days: days.map(({ day, total, counts }) => ({ day, total, byEntityType: counts })),
    countedFrom: countedFrom.toISOString(),
  };
}
