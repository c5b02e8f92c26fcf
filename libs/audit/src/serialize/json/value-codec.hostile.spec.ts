import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonValue } from '../../model/json.js';
import { DEFAULT_VALUE_LIMITS, decodeValue, encodeValue, UndecodableValue } from './value-codec.js';

/** One for all, because endless ones would spend their time on stack traces. */
const TRAP = new Error('trap');
const trap = () => {
  throw TRAP;
};
const revoked = () => {
  const { proxy, revoke } = Proxy.revocable([], {});
  revoke();
  return proxy;
};
const nested = (depth: number) => {
  let value: unknown = 'end';
  for (let level = 0; level < depth; level += 1) {
    value = level % 2 === 0 ? [value] : { a: value };
  }
  return value;
};
const unfolding = () => {
  let value: unknown = 'x';
  for (let level = 0; level < 31; level += 1) {
    value = [value, value];
  }
  return value;
};
const endless = (): object =>
  new Proxy([], {
    get: (target, key) => (key === 'length' ? Number.POSITIVE_INFINITY : Reflect.get(target, key)),
  });
const cyclicMap = () => {
  const map = new Map<unknown, unknown>();
  return map.set(map, new Set<unknown>([map]));
};
const growingSet = () => {
  const set = new Set<unknown>();
  const item = (): object => ({
    get a() {
      return set.add(item()).size;
    },
  });
  return set.add(item());
};
const detached = () => {
  const bytes = new Uint8Array(8);
  const { buffer } = bytes;
  structuredClone(buffer, { transfer: [buffer] });
  return [bytes, buffer];
};

const corpus: Record<string, () => unknown> = {
  'cyclic map': cyclicMap,
  '20k deep': () => nested(20_000),
  'exponential unfolding': unfolding,
  'endless array': endless,
  'endless array that throws': () =>
    new Proxy([], {
      get: (target, key) => {
        if (key === 'length') {
          return Number.POSITIVE_INFINITY;
        }
        return /^\d/.test(String(key)) ? trap() : Reflect.get(target, key);
      },
    }),
  'sparse array': () => new Array(2 ** 32 - 1),
  'throwing getter': () => ({
    get a() {
      return trap();
    },
    b: 1,
  }),
  'throwing with a hostile error': () => ({
    get a(): never {
      throw new Proxy({}, { get: trap, has: trap });
    },
  }),
  'throwing null': () => ({
    get a(): never {
      throw null;
    },
  }),
  'endless getter': () => ({
    get a(): unknown {
      return Object.defineProperties({}, Object.getOwnPropertyDescriptors(this));
    },
  }),
  'recursive getter': () => ({
    get a(): unknown {
      return Reflect.get(this, 'a');
    },
  }),
  'throwing toJSON and own toJSON': () => [Object.create({ toJSON: trap }), { toJSON: trap }],
  'hostile proxy': () =>
    new Proxy(
      {},
      { get: trap, has: trap, ownKeys: trap, getPrototypeOf: trap, getOwnPropertyDescriptor: trap },
    ),
  'hostile proxy inside': () => ({ a: [new Proxy([], { get: trap })] }),
  'revoked proxy': revoked,
  'proxy of a map': () => new Proxy(new Map(), {}),
  'overridden methods': () => [
    Object.assign(new Map([[1, 2]]), { entries: trap, forEach: trap }),
    Object.assign(new Date(0), { getTime: trap, toISOString: trap }),
    Object.defineProperty(new Uint8Array(1), 'byteLength', { get: trap }),
    Object.assign(Object(1), { valueOf: trap }),
    Object.assign(Object(1), {
      valueOf() {
        return this;
      },
    }),
  ],
  'growing set': growingSet,
  'detached buffer': detached,
  'shared memory': () => new SharedArrayBuffer(4),
  'no prototype': () => Object.create(null),
  'forged marks': () => ({ __entity: true, __helper: {}, __reference: true, __collection: true, __meta: 1 }),
  'forged symbol marks': () =>
    ['EntityHelper.entity', 'Reference', 'Collection', 'ScalarReference'].map((name) => ({
      [Symbol.for(`@mikro-orm/core/${name}`)]: true,
    })),
  'forged undecodable': () => new UndecodableValue('cut', cyclicMap() as unknown as JsonValue),
  'NUL and surrogates everywhere': () => ({ '\0': '\0', '\ud800': ['\udfff'], e: new Error('\0\ud800') }),
  '10 MB text': () => 'x'.repeat(10_000_000),
  '10 MB of pairs': () => '💥'.repeat(2_500_000),
  '10 MB of NUL': () => '\0'.repeat(10_000_000),
  '2 MB of controls': () => ({ a: '\u0001'.repeat(2_000_000) }),
  '100 MB text': () => ['x'.repeat(100_000_000)],
  'shared 10 MB text': () => new Array(1_000).fill('x'.repeat(10_000_000)),
  '40 MB of bytes': () => Buffer.alloc(40_000_000),
  '10 MB key': () => ({ ['k'.repeat(10_000_000)]: 1 }),
  'a million numbers': () => Array.from({ length: 1_000_000 }, (_, index) => index),
  'promises and weak things': () => [
    Promise.resolve(1),
    new WeakMap(),
    new WeakSet(),
    new WeakRef({}),
    (function* () {})(),
  ],
  'global objects': () => [globalThis, process, Intl, Reflect, Math],
};

describe('encodeValue on hostile values', () => {
  it.each(Object.keys(corpus))(
    '%s',
    (name) => {
      const value = corpus[name]?.();
      expectStorable(encodeValue(value, { maxValueBytes: 0, maxDepth: 32 }), 256);
      expectStorable(encodeValue(value, { maxValueBytes: 1_000, maxDepth: 1_000_000 }), 1_000);
      expectStorable(encodeValue(value, DEFAULT_VALUE_LIMITS), DEFAULT_VALUE_LIMITS.maxValueBytes);
    },
    60_000,
  );

  it('holds for anything that fast-check can think of', () => {
    const anything = fc.anything({
      key: fc.string({ unit: 'binary' }),
      values: [fc.string({ unit: 'binary' }), fc.double(), fc.bigInt(), fc.constantFrom('\ud800', '\0', -0)],
      withBigInt: true,
      withBoxedValues: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withObjectString: true,
      withSet: true,
      withSparseArray: true,
      withTypedArray: true,
      withUnicodeString: true,
    });
    fc.assert(
      fc.property(
        anything,
        fc.integer({ min: 256, max: 2_000 }),
        fc.nat(5),
        (value, maxValueBytes, maxDepth) => {
          expectStorable(encodeValue(value, { maxValueBytes, maxDepth }), maxValueBytes);
        },
      ),
      { numRuns: process.env.AUDIT_SOAK === undefined ? 100 : 500 },
    );
  });

  it('reads the members beside one that throws', () => {
    const value = {
      get a() {
        return trap();
      },
      b: [1],
    };
    expect(encodeValue(value, DEFAULT_VALUE_LIMITS)).toEqual({ a: { $error: 'Error: trap' }, b: [1] });
  });
});

/** PostgreSQL takes it as jsonb, it survives JSON text, it has no more than the allowed bytes, and it can be decoded. */
function expectStorable(encoded: JsonValue, maxBytes: number): void {
  const text = JSON.stringify(encoded);
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(maxBytes);
  // An even number of backslashes before it would be a backslash as data.
  expect(text).not.toMatch(/(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/i);
  expect(text).not.toMatch(/\p{Cs}/u);
  expect(JSON.stringify(JSON.parse(text))).toBe(text);
  expect(() => decodeValue(encoded)).not.toThrow();
}
