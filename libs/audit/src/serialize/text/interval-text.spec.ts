import { describe, expect, it } from '@jest/globals';
import { intervalText } from './interval-text.js';

describe('intervalText', () => {
  it.each([
    ['0', '00:00:00'],
    ['00:00:00', '00:00:00'],
    ['24:00:00', '24:00:00'],
    ['1 day', '1 day'],
    ['14 months', '1 year 2 mons'],
    ['-14 months', '-1 years -2 mons'],
    ['1 year -1 months', '11 mons'],
    ['-1 year 1 day', '-1 years +1 day'],
    ['90 minutes', '01:30:00'],
    ['1.5 hours', '01:30:00'],
    ['-0.5 seconds', '-00:00:00.5'],
    ['1 day -90 minutes', '1 day -01:30:00'],
    ['-1 days +02:03:04', '-1 days +02:03:04'],
    ['100 hours 0.000001 seconds', '100:00:00.000001'],
    ['1 year 2 mons -3 days +04:05:06.5', '1 year 2 mons -3 days +04:05:06.5'],
    ['1 DAY', '1 day'],
  ])('prints %j as PostgreSQL does: %j', (text, printed) => {
    expect(intervalText(text)).toBe(printed);
    expect(intervalText(printed)).toBe(printed);
  });

  it.each([
    '',
    ' ',
    'P1D',
    '1 week',
    '1.5 days',
    '1 day ago',
    '1 day 2 days',
    '1:30',
    '10:00:00 1 day',
    'x',
    '1',
  ])('leaves %j to the database', (text) => {
    expect(intervalText(text)).toBeUndefined();
  });
});
