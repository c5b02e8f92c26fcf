import type { RevisionSummary } from './revision.js';

/** What has been committed since a position of the feed. */
export interface FeedPage {
  /** In the order of their transactions. */
  readonly items: readonly RevisionSummary[];
  /** Pass it as `after` to go on; changes also where nothing was found. */
  readonly position: string;
  /** Whether there is more already. */
  readonly hasMore: boolean;
}
