import type { CountedRevision } from '../tables/stored-change.js';
import type { ChangeFilter } from './change-filter.js';

/** Stands for the snapshot of the statement that asks. */
export const NOW = 'now';

/** A page of the feed. */
export interface FeedSearch {
  readonly filter: ChangeFilter;
  /** Number of positions that have been looked at, decimal. */
  readonly after: string;
  /** Revisions to look at. */
  readonly limit: number;
  /** The snapshot of which is told whether something of it waits, `NOW` or one that was told before; null for none. */
  readonly waitsFor: string | null;
}

export interface FeedResult {
  readonly revisions: readonly (CountedRevision & { readonly position: string })[];
  /** The rows looked at, also where nothing was found. */
  readonly after: string;
  /** How many positions there are. */
  readonly size: string;
  /** The snapshot of which something that is committed has no position yet; null where nothing waits, or nobody has asked. */
  readonly waitsFor: string | null;
}
