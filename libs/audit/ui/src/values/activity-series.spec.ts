import { describe, expect, it } from '@jest/globals';
import { activitySeries, MAX_SERIES, OTHERS, roundUp } from './activity-series.js';

const day = (name: string, byEntityType: Record<string, number>) => ({
  day: name,
  total: Object.values(byEntityType).reduce((sum, count) => sum + count, 0),
  byEntityType,
});

describe('the series of an activity', () => {
  it('have every day, and the largest type first', () => {
    const days = [day('2026-11-22', { order: 1, item: 7 }), day('2026-11-24', { order: 2 })];
    expect(activitySeries(days, '2026-11-22', '2026-11-24')).toEqual({
      series: [
        { type: 'item', total: 7 },
        { type: 'order', total: 3 },
      ],
      bars: [
        {
          day: '2026-11-22',
          total: 8,
          parts: [
            { series: 0, type: 'item', count: 7 },
            { series: 1, type: 'order', count: 1 },
          ],
        },
        { day: '2026-11-23', total: 0, parts: [] },
        { day: '2026-11-24', total: 2, parts: [{ series: 1, type: 'order', count: 2 }] },
      ],
      total: 10,
      top: 8,
    });
  });

  it('put what has no color of its own together, and lose nothing', () => {
    const counts = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`type${index}`, index + 1]));
    const { series, bars, total } = activitySeries([day('2026-11-24', counts)], '2026-11-24', '2026-11-24');
    expect(series).toHaveLength(MAX_SERIES);
    expect(series.at(-1)).toEqual({ type: OTHERS, total: 1 + 2 + 3 + 4 + 5 + 6 });
    expect(bars[0]?.parts.reduce((sum, { count }) => sum + count, 0)).toBe(total);
  });

  it('may be empty', () => {
    expect(activitySeries([], '2026-11-24', '2026-11-24')).toMatchObject({ series: [], total: 0, top: 1 });
  });
});

it.each([
  [0, 1],
  [1, 1],
  [2, 2],
  [3, 4],
  [9, 10],
  [11, 12],
  [13, 16],
  [21, 30],
  [501, 600],
  [1_000_001, 1_200_000],
])('%d is rounded up to %d', (value, rounded) => {
  expect(roundUp(value)).toBe(rounded);
});
