import { describe, expect, it } from '@jest/globals';
import { toJson } from './to-json.js';

describe('toJson', () => {
  it('writes what JSON lacks as text, at every depth', () => {
    const value = {
      at: new Date('2027-01-02T03:04:05.678Z'),
      list: [9_007_199_254_740_993n, null, 'text', 1.5, true],
      bytes: Buffer.from([1, 2, 255]),
      inner: { invalid: new Date(Number.NaN) },
    };
    expect(toJson(value)).toEqual({
      at: '2027-01-02T03:04:05.678Z',
      list: ['9007199254740993', null, 'text', 1.5, true],
      bytes: 'AQL/',
      inner: { invalid: null },
    });
  });

  it('keeps a property named __proto__ as data', () => {
    const value = JSON.parse('{"__proto__": {"polluted": true}}');
    expect(JSON.stringify(toJson(value))).toBe('{"__proto__":{"polluted":true}}');
  });
});
