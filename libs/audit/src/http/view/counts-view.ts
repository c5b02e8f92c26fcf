import type { ChangeCount, ChangeCounts } from '../../model/change-counts.js';

/** How many changes there were, by what they have in common. */
export interface CountsView {
  /** Those with the most changes first. */
  readonly items: readonly ChangeCount[];
  /** How many groups there are, also those beyond the limit. */
  readonly groups: number;
  /** Changes of all groups together. */
  readonly changes: number;
  /** Changes are counted from this time on, because there are more than are counted at a time; null when all were counted. */
  readonly countedFrom: string | null;
}

export function countsView({ countedFrom, ...counts }: ChangeCounts): CountsView {
  return { ...counts, countedFrom: countedFrom?.toISOString() ?? null };
}
