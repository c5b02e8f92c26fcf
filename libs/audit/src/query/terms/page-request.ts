import { createHash } from 'node:crypto';
import { InvalidQueryError } from '../../errors/query-errors.js';
import type { JsonValue } from '../../model/json.js';
import type { Page, PageOptions } from '../../model/page.js';
import { canonicalJson } from '../../serialize/json/canonical-json.js';
import { isSafeText } from '../../serialize/text/safe-text.js';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 500;
const DIGEST_LENGTH = 16;

/** @throws InvalidQueryError for a limit outside 1 to 500 */
export function checkedLimit(limit: number = DEFAULT_LIMIT): number {
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    throw new InvalidQueryError('limit', `is ${limit}`, `Give a whole number from 1 to ${MAX_LIMIT}.`);
  }
  return limit;
}

/** A page of a query that has many answers. Its cursors are bound to the query: no other one takes them. */
export class PageRequest {
  readonly limit: number;
  /** Where the page before ended; null for the first page. */
  readonly after: readonly string[] | null;
  private readonly digest: string;

  /**
   * @param query everything that decides about items and order, as plain JSON
   * @param isPosition whether the parts of a position can be such; by default any text that PostgreSQL takes
   * @throws InvalidQueryError for a limit outside 1 to 500, or an invalid cursor or one of another query
   */
  constructor(
    query: JsonValue,
    { limit, cursor = null }: PageOptions,
    private readonly isPosition: (parts: readonly string[]) => boolean = (parts) => parts.every(isSafeText),
  ) {
    this.limit = checkedLimit(limit);
    this.digest = createHash('sha256').update(canonicalJson(query)).digest('hex').slice(0, DIGEST_LENGTH);
    this.after = cursor === null ? null : this.decode(cursor);
  }

  /**
   * @param found one more than the limit, when there is a further page
   * @param stoppedAt where the search stopped before it found that much; null when there is nothing more
   */
  page<Found, Item>(
    found: readonly Found[],
    positionOf: (found: Found) => readonly string[],
    toItem: (found: Found) => Item,
    stoppedAt: readonly string[] | null = null,
  ): Page<Item> {
    const items = found.slice(0, this.limit);
    const last = found.length > this.limit ? items.at(-1) : undefined;
    const next = last === undefined ? stoppedAt : positionOf(last);
    return { items: items.map(toItem), nextCursor: next && this.encode(next) };
  }

  private encode(position: readonly string[]): string {
    return `q${this.digest}${Buffer.from(JSON.stringify(position)).toString('base64url')}`;
  }

  private decode(cursor: string): readonly string[] {
    const match = typeof cursor === 'string' ? /^q([\da-f]{16})([\w-]+)$/.exec(cursor) : null;
    const position = match && parsePosition(match[2] ?? '');
    if (!match || !position || !this.isPosition(position)) {
      throw new InvalidQueryError(
        'cursor',
        'is not one this reader gave out',
        'Pass nextCursor of the page before, unchanged.',
      );
    }
    if (match[1] !== this.digest) {
      throw new InvalidQueryError(
        'cursor',
        'belongs to another query',
        'Repeat the query of the page before, or begin without a cursor.',
      );
    }
    return position;
  }
}

/** Null when the text is no position. */
function parsePosition(encoded: string): readonly string[] | null {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(encoded, 'base64url').toString());
    return Array.isArray(parsed) && parsed.length > 0 && parsed.every((part) => typeof part === 'string')
      ? parsed
      : null;
  } catch {
    return null;
  }
}
