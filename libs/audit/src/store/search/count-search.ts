import type { CountedBy } from '../../model/change-counts.js';
import type { ChangeFilter } from './change-filter.js';

export interface CountSearch {
  readonly filter: ChangeFilter;
  readonly by: CountedBy;
  /** Names that classes had, with those of today; without a schema. */
  readonly formerNames: readonly (readonly [former: string, present: string])[];
  /** Changes to look at. */
  readonly window: number;
  /** Groups to tell of. */
  readonly limit: number;
}

/** A group of changes; of what they have in common only that by which they are counted. */
export interface CountedGroup {
  readonly actorType: string;
  readonly actorId: string | null;
  /** Of the newest change. */
  readonly actorLabel: string | null;
  readonly action: string | null;
  readonly entityType: string;
  readonly entityId: string;
  readonly changes: number;
  readonly revisions: number;
}

export interface GroupedCounts {
  /** Those with the most changes first. */
  readonly groups: readonly CountedGroup[];
  readonly allGroups: number;
  readonly allChanges: number;
  /** Changes before this time were not looked at; null when all were. */
  readonly countedFrom: Date | null;
}
