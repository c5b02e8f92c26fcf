import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { keyText } from './key-text.js';

describe('keyText', () => {
  it.each([
    [['a'], 'a'],
    [[7], '7'],
    [[''], ''],
    [['["a","b"]'], '["a","b"]'],
    [['a', 7], '["a","7"]'],
    [[['a', 'b'], 1], '["a","b","1"]'],
    [[['a']], 'a'],
    [[{ $string: 'x' }], '{"$string":"x"}'],
  ])('of %j is %p', (parts, text) => {
    expect(keyText(parts)).toBe(text);
  });

  it('tells composite keys of the same length apart', () => {
    const key = fc.array(fc.string(), { minLength: 2, maxLength: 2 });
    fc.assert(
      fc.property(key, key, (left, right) => {
        expect(keyText(left) === keyText(right)).toBe(left[0] === right[0] && left[1] === right[1]);
      }),
    );
  });
});
