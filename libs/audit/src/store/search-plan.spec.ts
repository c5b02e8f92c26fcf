import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type TimeSlice, timeSlices } from './search-plan.js';

const instant = fc.bigInt(0n, 2_000_000_000_000_000n);

describe('the slices of a span of time', () => {
  it.each([true, false])('follow each other from one end to the other (newest first: %p)', (newestFirst) => {
    fc.assert(
      fc.property(fc.option(instant), fc.option(instant), instant, (a, b, start) => {
        const [from, until] = a !== null && b !== null && a > b ? [b, a] : [a, b];
        const slices = [...timeSlices({ from, until }, newestFirst, start)];
        const ascending: TimeSlice[] = newestFirst ? slices.toReversed() : slices;
        expect(ascending[0]?.from).toBe(from);
        expect(ascending.at(-1)?.until).toBe(until);
        for (const [at, slice] of ascending.slice(1).entries()) {
          expect(slice.from).toBe(ascending[at]?.until);
        }
      }),
    );
  });

  it('begin small at the near end', () => {
    const [newest] = timeSlices({ from: 0n, until: 10_000_000_000n }, true, 0n);
    expect(newest).toEqual({ from: 9_940_000_000n, until: 10_000_000_000n });
    const [oldest] = timeSlices({ from: null, until: null }, false, 5n);
    expect(oldest).toEqual({ from: null, until: 60_000_005n });
  });
});
