import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Json } from '../model/trail.js';
import { areComparableTrees, diffJson, isSame, pathText } from './json-diff.js';

const json = fc.jsonValue() as fc.Arbitrary<Json>;

describe('a difference of JSON trees', () => {
  it('is empty exactly when they are the same', () => {
    fc.assert(
      fc.property(json, json, (before, after) => {
        expect(diffJson(before, before)).toEqual([]);
        expect(diffJson(before, after).length === 0).toBe(isSame(before, after));
      }),
    );
  });

  it('names the leaves', () => {
    const before = { oven: { maker: 'Thermia', doors: [1, 2] }, gate: 'A' };
    const after = { oven: { maker: 'Thermia', doors: [1, 3], serial: 'T-1' } };
    expect(diffJson(before, after)).toEqual([
      { path: ['oven', 'doors', 1], before: 2, after: 3 },
      { path: ['oven', 'serial'], before: undefined, after: 'T-1' },
      { path: ['gate'], before: 'A', after: undefined },
    ]);
  });

  it('takes arrays of another length, and hidden values, as a whole', () => {
    expect(diffJson([1, 2], [1])).toEqual([{ path: [], before: [1, 2], after: [1] }]);
    const hidden = { $masked: 'last4', value: '1' };
    expect(diffJson({ card: hidden }, { card: { ...hidden, value: '2' } })).toEqual([
      { path: ['card'], before: hidden, after: { ...hidden, value: '2' } },
    ]);
    expect(areComparableTrees({ $hidden: true }, { a: 1 })).toBe(false);
  });

  it('looks into JSON that is escaped because it looks like a hidden value', () => {
    const after = { $object: [['$hidden', true]] };
    expect(diffJson({ a: 1 }, after)).toEqual([
      { path: ['a'], before: 1, after: undefined },
      { path: ['$hidden'], before: undefined, after: true },
    ]);
  });

  it('is not led astray by keys that every object inherits', () => {
    const strange = JSON.parse('{"__proto__":{"a":1},"constructor":2}') as Json;
    expect(diffJson({}, strange).map(({ path }) => path)).toEqual([['__proto__'], ['constructor']]);
    expect(isSame({ toString: 1 }, {})).toBe(false);
  });
});

it('paths are written as people write them', () => {
  expect(pathText(['doors', 2, 'colour'])).toBe('doors[2].colour');
  expect(pathText([0, 'a b', '<b>'])).toBe('[0]["a b"]["<b>"]');
  expect(pathText([])).toBe('');
});
