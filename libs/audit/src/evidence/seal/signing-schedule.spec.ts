import { describe, expect, it } from '@jest/globals';
import { SigningSchedule } from './signing-schedule.js';

describe('a log', () => {
  let now = 1_000_000;
  const signs = (schedule: SigningSchedule, size: number, works = true): boolean => {
    const isDue = schedule.isDue(size);
    if (isDue) {
      schedule.tries();
    }
    if (isDue && works) {
      schedule.signed(size);
    }
    return isDue;
  };

  it('signs at once, then what is new once in a while, and what is not every 15 minutes', () => {
    const schedule = new SigningSchedule(60_000, () => now);
    expect(signs(schedule, 0)).toBe(true);
    now += 59_999;
    expect(signs(schedule, 5)).toBe(false);
    now += 1;
    expect(signs(schedule, 5)).toBe(true);
    now += 899_999;
    expect(signs(schedule, 5)).toBe(false);
    now += 1;
    expect(signs(schedule, 5)).toBe(true);
  });

  it('tries again after the usual time when it could not', () => {
    const schedule = new SigningSchedule(60_000, () => now);
    expect(signs(schedule, 5)).toBe(true);
    now += 900_000;
    expect(signs(schedule, 5, false)).toBe(true);
    now += 59_999;
    expect(signs(schedule, 5)).toBe(false);
    now += 1;
    expect(signs(schedule, 5)).toBe(true);
  });
});
