import { describe, expect, it } from '@jest/globals';
import { Pace } from './pace.js';

describe('the pace of the sequencer', () => {
  let time = 0;
  const paceAt = (start: number) => {
    time = start;
    return new Pace(() => time);
  };

  it('slows down to once a second where nothing comes', () => {
    const pace = paceAt(0);
    const pauses = [1, 2, 3, 4, 5, 6, 7].map(() => {
      pace.looked({ found: false });
      return pace.next(0);
    });
    expect(pauses).toEqual([100, 200, 400, 800, 1_000, 1_000, 1_000]);
  });

  it('looks soon after a hint, also where it has slept', () => {
    const pace = paceAt(0);
    for (let looks = 0; looks < 9; looks += 1) {
      pace.looked({ found: false });
    }
    time = 300;
    pace.hint();
    expect(pace.next(0)).toBe(350);
    pace.looked({ found: false });
    expect(pace.next(350)).toBe(450);
  });

  it('gives positions at most every 400 milliseconds, however many hints come', () => {
    const pace = paceAt(1_000);
    pace.looked({ found: true });
    expect(pace.next(1_000)).toBe(1_400);
    time = 1_010;
    pace.hint();
    expect(pace.next(1_000)).toBe(1_400);
    time = 1_380;
    pace.hint();
    expect(pace.next(1_000)).toBe(1_430);
  });
});
