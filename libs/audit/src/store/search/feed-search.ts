import type { CountedRevision } from '../tables/stored-change.js';
import type { ChangeFilter } from './change-filter.js';

/** Where a feed stands: a transaction and a revision of it, as decimal numbers. */
export interface FeedPosition {
  readonly transactionId: string;
  readonly revisionId: string;
}

/** A page of the feed. */
export interface FeedSearch {
  readonly filter: ChangeFilter;
  readonly after: FeedPosition;
  /** Revisions to look at. */
  readonly limit: number;
}

export interface FeedResult {
  readonly revisions: readonly CountedRevision[];
  /** What has been looked at, also where nothing was found. */
  readonly position: FeedPosition;
  /** Whether there is more to look at. */
  readonly hasMore: boolean;
}
