import type { RevisionSummary } from './revision.js';

/** A keyset page. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Pass it as `cursor` to get the next page; null on the last page. */
  readonly nextCursor: string | null;
}

export interface PageOptions {
  /**
   * Rows per page, 1 to 500.
   * @default 50
   */
  readonly limit?: number;
  /** `nextCursor` of the page before; opaque. */
  readonly cursor?: string | null;
}

/** Revisions that were committed after a position of the feed. */
export interface FeedPage {
  /** In the order of their transactions. */
  readonly items: readonly RevisionSummary[];
  /** Pass it as `after` to go on; changes also where nothing was found. */
  readonly position: string;
  /** Whether there is more already. */
  readonly hasMore: boolean;
}
