import type { ValueCase } from './value-case.js';

export const jsonCases: readonly ValueCase[] = [
  {
    name: 'JsonbObject',
    property: { type: 'json' },
    first: () => ({ a: { b: [1, 'x', null, { c: true }] }, z: 1 }),
    second: () => ({ a: { b: [] } }),
    equal: () => ({ z: 1, a: { b: [1, 'x', null, { c: true }] } }),
    stored: [{ a: { b: [1, 'x', null, { c: true }] }, z: 1 }, { a: { b: [] } }],
  },
  {
    name: 'JsonObject',
    property: { type: 'json', columnType: 'json' },
    first: () => ({ b: 1, a: 2 }),
    second: () => [[], {}],
    equal: () => ({ a: 2, b: 1 }),
    stored: [{ b: 1, a: 2 }, [[], {}]],
  },
  {
    name: 'JsonArray',
    property: { type: 'json' },
    first: () => [1, [2]],
    second: () => [[2], 1],
    stored: [
      [1, [2]],
      [[2], 1],
    ],
  },
  {
    name: 'JsonString',
    property: { type: 'json' },
    first: () => 'text',
    second: () => '{"a":1}',
    stored: ['text', '{"a":1}'],
  },
  { name: 'JsonNumber', property: { type: 'json' }, first: () => 0, second: () => 1.5, stored: [0, 1.5] },
  {
    name: 'JsonBoolean',
    property: { type: 'json' },
    first: () => false,
    second: () => true,
    stored: [false, true],
  },
  {
    name: 'JsonWithDates',
    property: { type: 'json' },
    first: () => ({ at: new Date(0), left: undefined }),
    second: () => ({ $date: 'not a tag' }),
    equal: () => ({ at: '1970-01-01T00:00:00.000Z' }),
    stored: [{ at: '1970-01-01T00:00:00.000Z' }, { $object: [['$date', 'not a tag']] }],
  },
];
