import type { CountedRevision } from '../tables/stored-change.js';
import type { ChangeFilter } from './change-filter.js';

/** A page of the feed. */
export interface FeedSearch {
  readonly filter: ChangeFilter;
  /** Number of positions that have been looked at, decimal. */
  readonly after: string;
  /** Revisions to look at. */
  readonly limit: number;
}

export interface FeedResult {
  readonly revisions: readonly (CountedRevision & { readonly position: string })[];
  /** What has been looked at, also where nothing was found. */
  readonly after: string;
  /** How many positions there are. */
  readonly size: string;
}
