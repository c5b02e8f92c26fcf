import { InvalidQueryError } from '../../errors/query-errors.js';
import type { Page } from '../../model/page.js';

const CURSOR = /^c([0-9a-z]{1,13})$/;
const RADIX = 36;
const MAX_ID = 9_223_372_036_854_775_807n;

/** The position after a change, as an opaque text. */
export function encodeCursor(changeId: string): string {
  return `c${BigInt(changeId).toString(RADIX)}`;
}

/** @throws InvalidQueryError when the text did not come from `encodeCursor` */
export function decodeCursor(cursor: string): string {
  const digits = CURSOR.exec(cursor)?.[1];
  let id = 0n;
  for (const digit of digits ?? '') {
    id = id * BigInt(RADIX) + BigInt(Number.parseInt(digit, RADIX));
  }
  if (digits === undefined || id > MAX_ID) {
    throw new InvalidQueryError(
      'cursor',
      'is not one this reader gave out',
      'Pass nextCursor of the page before, unchanged.',
    );
  }
  return id.toString();
}

/**
 * A page of what is ordered by id, newest first.
 * @param found one more than the limit, when there is a further page
 * @param stoppedAt where the search stopped before it found that much; null when there is nothing more
 */
export function pageById<Item extends { readonly id: string }>(
  found: readonly Item[],
  limit: number,
  stoppedAt: string | null = null,
): Page<Item> {
  const items = found.slice(0, limit);
  const next = found.length > limit ? items.at(-1)?.id : stoppedAt;
  return { items, nextCursor: next ? encodeCursor(next) : null };
}
