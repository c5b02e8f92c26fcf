import type { ActivityDay } from '../model/trail.js';
import { daysBetween } from '../time/day-groups.js';
import { ownValue } from './own-value.js';

/** Number of entity types with a color of their own; what is left is one series. */
export const MAX_SERIES = 7;

/** The entity types that the others are put together under; no entity can be called so. */
export const OTHERS = 'all others';

export interface ActivityBar {
  readonly day: string;
  readonly total: number;
  /** In the order of the series, without those that had nothing. */
  readonly parts: readonly { readonly series: number; readonly type: string; readonly count: number }[];
}

export interface ActivitySeries {
  /** Entity types with their totals, the largest first. */
  readonly series: readonly { readonly type: string; readonly total: number }[];
  /** Every day of the span, also those without changes. */
  readonly bars: readonly ActivityBar[];
  readonly total: number;
  /** Upper end of the axis: a round number, never 0. */
  readonly top: number;
}

/** Days as bars with stacked parts. */
export function activitySeries(days: readonly ActivityDay[], first: string, last: string): ActivitySeries {
  const totals = new Map<string, number>();
  for (const { byEntityType } of days) {
    for (const [type, count] of Object.entries(byEntityType))
      totals.set(type, (totals.get(type) ?? 0) + count);
  }
  const ranked = [...totals].sort(([a, left], [b, right]) => right - left || (a < b ? -1 : 1));
  const named = ranked.slice(0, ranked.length > MAX_SERIES ? MAX_SERIES - 1 : MAX_SERIES);
  const rest = ranked.slice(named.length).reduce((sum, [, count]) => sum + count, 0);
  const series = [...named, ...(rest > 0 ? [[OTHERS, rest] as const] : [])].map(([type, total]) => ({
    type,
    total,
  }));
  const byDay = new Map(days.map((day) => [day.day, day]));
  const bars = daysBetween(first, last).map((day) => bar(day, byDay.get(day), series));
  const total = bars.reduce((sum, one) => sum + one.total, 0);
  return { series, bars, total, top: roundUp(Math.max(0, ...bars.map((one) => one.total))) };
}

function bar(day: string, activity: ActivityDay | undefined, series: ActivitySeries['series']): ActivityBar {
  const counts = activity?.byEntityType ?? {};
  const names = new Set(series.map(({ type }) => type));
  const others = Object.entries(counts).reduce(
    (sum, [type, count]) => sum + (names.has(type) ? 0 : count),
    0,
  );
  const parts = series
    .map(({ type }, index) => ({
      series: index,
      type,
      count: type === OTHERS ? others : (ownValue(counts, type) ?? 0),
    }))
    .filter(({ count }) => count > 0);
  return { day, total: activity?.total ?? 0, parts };
}

const STEPS = [1, 1.2, 1.6, 2, 3, 4, 6, 8] as const;

/** The next number for the end of an axis: round, and 1 or even, so that its middle is a number too. */
export function roundUp(value: number): number {
  for (let power = 1; ; power *= 10) {
    for (const step of STEPS) {
      const end = Math.round(step * power);
      if (end >= value && (end === 1 || end % 2 === 0)) return end;
    }
  }
}
