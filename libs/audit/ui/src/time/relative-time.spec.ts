import { describe, expect, it } from '@jest/globals';
import { absoluteTime, clockTime, relativeTime, valueTime } from './relative-time.js';

const now = new Date('2026-11-24T12:00:00Z');

describe('relative times', () => {
  it.each([
    ['2026-11-24T11:59:30Z', 'just now'],
    ['2026-11-24T12:00:20Z', 'just now'],
    ['2026-11-24T11:57:10Z', '2 minutes ago'],
    ['2026-11-24T08:30:00Z', '3 hours ago'],
    ['2026-11-23T08:30:00Z', 'yesterday'],
    ['2026-11-19T12:00:00Z', '5 days ago'],
    ['2026-11-10T12:00:00Z', '2 weeks ago'],
    ['2025-11-10T12:00:00Z', 'last year'],
    ['2027-01-30T12:00:00Z', 'in 2 months'],
    ['no time', ''],
  ])('%s is %s', (instant, expected) => {
    expect(relativeTime(instant, now, 'en')).toBe(expected);
  });
});

describe('absolute times', () => {
  it('say the zone, and never lose what they cannot read', () => {
    expect(absoluteTime('2026-11-24T11:57:10.123Z', 'Europe/Berlin', 'en-GB')).toBe(
      '24 Nov 2026, 12:57:10 CET',
    );
    expect(clockTime('2026-11-24T11:57:10.123Z', 'Europe/Berlin', 'en-GB')).toBe('12:57');
    expect(absoluteTime('-infinity')).toBe('-infinity');
    expect(valueTime('2027-01-12T05:30:00.000Z', 'Europe/Berlin', 'en-GB')).toBe('12 Jan 2027, 06:30 CET');
    expect(valueTime('2027-01-12T05:30:07.000Z', 'Europe/Berlin', 'en-GB')).toBe('12 Jan 2027, 06:30:07 CET');
  });
});
