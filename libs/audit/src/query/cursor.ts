import { InvalidQueryError } from '../errors/query-errors.js';

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
