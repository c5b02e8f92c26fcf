import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { InvalidQueryError } from '../../errors/query-errors.js';
import { decodeCursor, encodeCursor } from './cursor.js';

const MAX = 9_223_372_036_854_775_807n;

describe('a cursor', () => {
  it('stands for a change id', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, MAX), (id) => {
        expect(decodeCursor(encodeCursor(`${id}`))).toBe(`${id}`);
      }),
    );
    expect(decodeCursor(encodeCursor(`${MAX}`))).toBe(`${MAX}`);
  });

  it('is refused when it is none', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        fc.pre(!/^c[\da-z]{1,13}$/.test(text));
        expect(() => decodeCursor(text)).toThrow(InvalidQueryError);
      }),
    );
    expect(() => decodeCursor(`c${(MAX + 1n).toString(36)}`)).toThrow(InvalidQueryError);
    expect(() => decodeCursor(7 as unknown as string)).toThrow(InvalidQueryError);
  });
});
