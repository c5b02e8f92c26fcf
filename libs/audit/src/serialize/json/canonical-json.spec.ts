import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonValue } from '../../model/json.js';
import { canonicalJson, jsonEquals } from './canonical-json.js';

const json = () => fc.jsonValue() as fc.Arbitrary<JsonValue>;

function nested(depth: number): JsonValue {
  let value: JsonValue = 1;
  for (let level = 0; level < depth; level += 1) {
    value = level % 2 === 0 ? [value] : { a: value };
  }
  return value;
}

function shuffled(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map(shuffled);
  }
  const entries = Object.entries(value).reverse();
  return Object.fromEntries(entries.map(([key, member]) => [key, shuffled(member)]));
}

describe('canonicalJson', () => {
  it('sorts keys by UTF-16 code units and writes no white space', () => {
    // The example of RFC 8785, section 3.2.3: U+1F600 (a surrogate pair) sorts before U+FB33.
    const value = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 };
    expect(Object.values(JSON.parse(canonicalJson(value)))).toEqual([4, 2, 6, 7, 1, 5, 3]);
    expect(canonicalJson({ b: [1, { d: null, c: true }], a: 'x"\n' })).toBe(
      '{"a":"x\\"\\n","b":[1,{"c":true,"d":null}]}',
    );
    expect(canonicalJson([1e21, 0.1, -0, 1e-7])).toBe('[1e+21,0.1,0,1e-7]');
  });

  it('writes an own __proto__ member', () => {
    expect(canonicalJson(JSON.parse('{"z":1,"__proto__":{"a":2}}'))).toBe('{"__proto__":{"a":2},"z":1}');
  });

  it('is the same text for equal values, and JSON that parses back', () => {
    fc.assert(
      fc.property(json(), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(shuffled(value))).toBe(text);
        expect(jsonEquals(JSON.parse(text), value)).toBe(true);
      }),
    );
  });
});

describe('jsonEquals', () => {
  it('agrees with the canonical text', () => {
    fc.assert(
      fc.property(json(), json(), (a, b) => {
        expect(jsonEquals(a, b)).toBe(canonicalJson(a) === canonicalJson(b));
        expect(jsonEquals(a, shuffled(a))).toBe(true);
      }),
    );
  });

  it.each<[JsonValue, JsonValue]>([
    [[], {}],
    [null, {}],
    [null, 0],
    ['1', 1],
    [{ a: 1 }, { b: 1 }],
    [{ a: null }, {}],
    [
      [1, 2],
      [2, 1],
    ],
    [[1], [1, 1]],
    [JSON.parse('{"__proto__":1}'), { a: 1 }],
    [{ toString: 1 }, { a: 1 }],
  ])('tells %j and %j apart', (a, b) => {
    expect(jsonEquals(a, b)).toBe(false);
    expect(jsonEquals(b, a)).toBe(false);
  });

  it('does not overflow the stack on deep values', () => {
    expect(jsonEquals(nested(100_000), nested(100_000))).toBe(true);
    expect(jsonEquals(nested(100_000), nested(100_002))).toBe(false);
    expect(canonicalJson(nested(1_000))).toHaveLength(500 * 2 + 500 * 6 + 1);
  });
});
