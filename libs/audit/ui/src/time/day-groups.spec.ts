import { describe, expect, it } from '@jest/globals';
import { dayNickname, dayOf, daysBetween, dayTitle, groupByDay, shiftDay } from './day-groups.js';

const BERLIN = 'Europe/Berlin';

describe('days of the reader', () => {
  it('are those of the time zone, not of UTC', () => {
    expect(dayOf('2026-11-23T23:30:00Z', 'UTC')).toBe('2026-11-23');
    expect(dayOf('2026-11-23T23:30:00Z', BERLIN)).toBe('2026-11-24');
    expect(dayOf('2026-11-24T02:00:00Z', 'America/New_York')).toBe('2026-11-23');
  });

  it('group what comes in order, and keep the order', () => {
    const instants = ['2026-11-24T10:00:00Z', '2026-11-23T23:30:00Z', '2026-11-23T22:30:00Z'];
    expect(groupByDay(instants, (instant) => instant, BERLIN)).toEqual([
      { day: '2026-11-24', items: instants.slice(0, 2) },
      { day: '2026-11-23', items: instants.slice(2) },
    ]);
    expect(groupByDay([], (instant) => instant, BERLIN)).toEqual([]);
  });

  it('have nicknames when they are near', () => {
    const now = new Date('2026-03-01T11:00:00Z');
    expect(dayNickname('2026-03-01', now, BERLIN)).toBe('Today');
    expect(dayNickname('2026-02-28', now, BERLIN)).toBe('Yesterday');
    expect(dayNickname('2026-02-27', now, BERLIN)).toBeNull();
  });

  it('have a full title', () => {
    expect(dayTitle('2026-11-24', 'en-GB')).toBe('Tuesday, 24 November 2026');
  });

  it('can be counted over months, years and leap days', () => {
    expect(shiftDay('2026-12-31', 1)).toBe('2027-01-01');
    expect(daysBetween('2028-02-27', '2028-03-01')).toEqual([
      '2028-02-27',
      '2028-02-28',
      '2028-02-29',
      '2028-03-01',
    ]);
    expect(daysBetween('2028-03-02', '2028-03-01')).toEqual([]);
  });
});
