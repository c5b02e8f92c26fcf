import { describe, expect, it } from '@jest/globals';
import { instantText } from './instant-text.js';

describe('instantText', () => {
  it.each([
    ['2024-05-01T10:00:00.123Z', '2024-05-01T10:00:00.123Z'],
    ['2024-05-01 10:00:00+00', '2024-05-01T10:00:00.000Z'],
    ['2024-05-01 10:00:00.5+05:30', '2024-05-01T04:30:00.500Z'],
    ['2024-05-01 10:00:00-0930', '2024-05-01T19:30:00.000Z'],
    ['2024-05-01 10:00:00.123456+00', '2024-05-01T10:00:00.123456Z'],
    ['1883-11-18 12:00:00-04:56:02', '1883-11-18T16:56:02.000Z'],
    ['0044-03-15 00:00:00+00 BC', '-000043-03-15T00:00:00.000Z'],
  ])('reads %j', (text, iso) => {
    expect(instantText(text)).toBe(iso);
  });

  it.each(['infinity', '2024-05-01 10:00:00', '2024-05-01', 'now', ''])('leaves %j as it is', (text) => {
    expect(instantText(text)).toBeUndefined();
  });
});
