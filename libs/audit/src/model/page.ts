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

/** A revision with its place in the order of the commits. */
export interface FeedItem extends RevisionSummary {
  /** Position of its first row, from 0; its further changes come right behind. Decimal. */
  readonly position: string;
}

/** Revisions that were committed after a position of the feed. */
export interface FeedPage {
  /** In the order of their commits. */
  readonly items: readonly FeedItem[];
  /** Number of positions that have been looked at. Pass it as `after` to go on; changes also where nothing was found. */
  readonly position: string;
  /** Whether there is more already. */
  readonly hasMore: boolean;
}
