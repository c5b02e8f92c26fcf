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
