import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import type { JsonValue } from '../../model/json.js';
import { DEFAULT_VALUE_LIMITS, decodeValue, encodeValue } from './value-codec.js';

const encode = (value: unknown) => encodeValue(value, DEFAULT_VALUE_LIMITS);
const parse = (text: string): JsonValue => JSON.parse(text);

describe('encodeValue', () => {
  it.each<[string, unknown, JsonValue]>([
    ['null', null, null],
    ['a text', 'open', 'open'],
    ['a number', 12, 12],
    ['a boolean', false, false],
    ['plain JSON', { a: [1, null, { $b: 2, c: null }] }, { a: [1, null, { $b: 2, c: null }] }],
    ['a decimal text', '12.50', '12.50'],
    ['undefined', undefined, { $undefined: true }],
    ['undefined inside', [undefined, { a: undefined, b: 1 }], [{ $undefined: true }, { b: 1 }]],
    ['a hole', new Array(1), [{ $undefined: true }]],
    ['a date', new Date(0), { $date: '1970-01-01T00:00:00.000Z' }],
    ['an invalid date', new Date(Number.NaN), { $date: 'Invalid Date' }],
    ['a bigint', -9n, { $bigint: '-9' }],
    [
      'odd numbers',
      [Number.NaN, Infinity, -Infinity, -0],
      ['NaN', 'Infinity', '-Infinity', '-0'].map(($number) => ({ $number })),
    ],
    ['a buffer', Buffer.from('hi'), { $bytes: 'aGk=' }],
    ['an array buffer', new Uint8Array([104, 105]).buffer, { $bytes: 'aGk=' }],
    ['a view of a part', new Uint8Array([0, 104, 105, 0]).subarray(1, 3), { $bytes: 'aGk=' }],
    ['a data view', new DataView(new ArrayBuffer(1)), { $bytes: 'AA==' }],
    [
      'a map',
      new Map<unknown, unknown>([
        ['a', 1n],
        [2, null],
      ]),
      {
        $map: [
          ['a', { $bigint: '1' }],
          [2, null],
        ],
      },
    ],
    ['a set', new Set([1, 'b']), { $set: [1, 'b'] }],
    ['NUL', 'a\0%', { $string: 'a%u0000%u0025' }],
    ['a lone surrogate', '\ud800x', { $string: '%uD800x' }],
    ['a percent sign', '100%u0000', '100%u0000'],
    ['a surrogate pair', '💥', '💥'],
    ['a key like a tag', { $date: 'x' }, { $object: [['$date', 'x']] }],
    [
      'a key with NUL',
      { 'a\0': 1, b: 2 },
      {
        $object: [
          [{ $string: 'a%u0000' }, 1],
          ['b', 2],
        ],
      },
    ],
    ['a function', () => 1, { $unsupported: 'function' }],
    ['a symbol', [Symbol('s')], [{ $unsupported: 'symbol' }]],
    ['a regular expression', /a/, { $unsupported: 'RegExp' }],
    [
      'boxed primitives',
      [Object('a'), Object(1), Object(1n), Object(true)],
      ['a', 1, { $bigint: '1' }, true],
    ],
    ['an error', new TypeError('no'), { name: 'TypeError', message: 'no' }],
    ['a URL', new URL('https://example.com/a'), 'https://example.com/a'],
  ])('%s', (_, value, expected) => {
    expect(encode(value)).toEqual(expected);
  });

  it('keeps own __proto__ and constructor members as data', () => {
    const value = parse('{"__proto__":{"polluted":true},"constructor":{"prototype":1}}');
    const encoded = encode(value);
    expect(JSON.stringify(encoded)).toBe(JSON.stringify(value));
    expect(JSON.stringify(decodeValue(encoded))).toBe(JSON.stringify(value));
    expect(Object.getPrototypeOf(encoded)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('encodes a shared object each time and only a cycle as such', () => {
    const shared = { a: 1 };
    const cyclic: { self?: unknown; shared: unknown[] } = { shared: [shared, shared] };
    cyclic.self = cyclic;
    expect(encode(cyclic)).toEqual({ shared: [{ a: 1 }, { a: 1 }], self: { $cycle: true } });
  });

  it('recognizes values of another realm', () => {
    const foreign: unknown = runInNewContext(
      '({ d: new Date(0), m: new Map([[1, 2]]), s: new Set([1]), b: new Uint8Array([1]), e: new Error("x"), a: [{}], n: 1n })',
    );
    expect(encode(foreign)).toEqual({
      d: { $date: '1970-01-01T00:00:00.000Z' },
      m: { $map: [[1, 2]] },
      s: { $set: [1] },
      b: { $bytes: 'AQ==' },
      e: { name: 'Error', message: 'x' },
      a: [{}],
      n: { $bigint: '1' },
    });
  });

  it('takes class instances as their own data, or as the primitive their toJSON gives', () => {
    class Money {
      readonly #amount = '12.50';
      readonly currency = 'EUR';
      toJSON() {
        return this.#amount;
      }
    }
    class Account {
      readonly iban = 'DE00';
      toJSON() {
        return { hidden: true };
      }
    }
    class Broken {
      readonly a = 1;
      toJSON() {
        throw new Error('no');
      }
    }
    class Rejecting {
      readonly a = 1;
      async toJSON() {
        throw new Error('no');
      }
    }
    const plain = { toJSON: 'text', a: 1 };
    expect(encode([new Money(), new Account(), new Broken(), new Rejecting(), plain])).toEqual([
      '12.50',
      { iban: 'DE00' },
      { a: 1 },
      { a: 1 },
      plain,
    ]);
  });

  it('takes the answer of maskKey, also null, without reading the member', () => {
    let reads = 0;
    const value = {
      get pin() {
        reads += 1;
        return '1234';
      },
      none: 1,
      list: [{ pin: { deep: 1 } }, new Map([['pin', '5678']])],
    };
    const masks = new Map<string, JsonValue>([
      ['pin', { $mask: { kind: 'redact' } }],
      ['none', null],
    ]);
    const pin = masks.get('pin');
    expect(encodeValue(value, DEFAULT_VALUE_LIMITS, (key) => masks.get(key))).toEqual({
      pin,
      none: null,
      list: [{ pin }, { $map: [['pin', pin]] }],
    });
    expect(reads).toBe(0);
  });

  it('does not show a member when maskKey throws', () => {
    const encoded = encodeValue({ a: 'canary' }, DEFAULT_VALUE_LIMITS, () => {
      throw new Error('no');
    });
    expect(encoded).toEqual({ a: { $error: 'Error: no' } });
  });
});
