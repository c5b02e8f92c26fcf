import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonValue } from '../../model/json.js';
import {
  DEFAULT_VALUE_LIMITS,
  decodeValue,
  EntityLink,
  encodeValue,
  UndecodableValue,
} from './value-codec.js';

const encode = (value: unknown) => encodeValue(value, DEFAULT_VALUE_LIMITS);
/** Jest takes two invalid dates for different. */
const areInvalidDates = (one: unknown, other: unknown): true | undefined =>
  one instanceof Date && other instanceof Date && Number.isNaN(+one) && Number.isNaN(+other)
    ? true
    : undefined;
expect.addEqualityTesters([areInvalidDates]);

const parse = (text: string): JsonValue => JSON.parse(text);

describe('decodeValue', () => {
  const leaf = () =>
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('\0', '%', 'u', '0', '\ud83d', '\udca5', '$', '\\') }),
      fc.constantFrom('$date', '__proto__', 'constructor', '12.50', '3f2504e0-4f89-41d3-9a0c-0305e82c3301'),
      fc.double(),
      fc.integer(),
      fc.bigInt(),
      fc.boolean(),
      fc.constant(null),
      fc.date({ noInvalidDate: false }),
      fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    );
  const key = () =>
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('$date', '$', '$object', '__proto__', 'toJSON', '\0'),
    );
  const { value: supported } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf(),
      fc.array(fc.oneof(tie('value'), fc.constant(undefined)), { maxLength: 5 }),
      fc.array(fc.tuple(key(), tie('value')), { maxLength: 5 }).map(ownMembers),
      fc.array(fc.tuple(leaf(), tie('value')), { maxLength: 5 }).map((pairs) => new Map(pairs)),
      fc.array(leaf(), { maxLength: 5 }).map((items) => new Set(items)),
    ),
  }));

  it('restores every supported value, also after the JSON text', () => {
    fc.assert(
      fc.property(supported, (value) => {
        const encoded = encode(value);
        expect(decodeValue(encoded)).toStrictEqual(value);
        expect(decodeValue(parse(JSON.stringify(encoded)))).toStrictEqual(value);
      }),
      { numRuns: 500 },
    );
  });

  it.each<JsonValue>([
    { $cut: { reason: 'depth' } },
    { $cycle: true },
    { $error: 'Error: no' },
    { $unsupported: 'function' },
    { $collection: null },
  ])('gives an UndecodableValue for %j, which encodes to the same again', (json) => {
    const decoded = decodeValue(json);
    expect(decoded).toBeInstanceOf(UndecodableValue);
    expect(encode(decoded)).toEqual(json);
  });

  it('gives an EntityLink, which encodes to the same again', () => {
    const json = { $entity: { class: 'Author', key: { country: 'DE', number: { $bigint: '1' } } } };
    expect(decodeValue(json)).toEqual(new EntityLink('Author', { country: 'DE', number: 1n }));
    expect(encode(decodeValue(json))).toEqual(json);
  });

  const tagNames =
    'date bigint number bytes string undefined set map object entity collection mask cut cycle error unsupported x';
  const payloads: readonly JsonValue[] = [
    null,
    false,
    0,
    'x%',
    'e30',
    '-',
    '2024-13-01T00:00:00.000Z',
    [1],
    [[1]],
    [[1, 2, 3]],
    [[1, 1]],
    {},
    { a: 1 },
    { kind: 'hash' },
    { class: 1, key: 1 },
    { class: 'A' },
  ];
  const valid = new Set([
    'string:"e30"',
    'string:"-"',
    'string:"2024-13-01T00:00:00.000Z"',
    'collection:null',
    'map:[[1,1]]',
  ]);

  it.each(tagNames.split(' '))('leaves $%s with a wrong payload as it is', (name) => {
    for (const payload of payloads) {
      const json = { [`$${name}`]: payload };
      const always = ['cut', 'error', 'unsupported', 'set', 'collection'].includes(name);
      if (!always && !valid.has(`${name}:${JSON.stringify(payload)}`)) {
        expect(decodeValue(json)).toBe(json);
      }
    }
    expect(decodeValue({ [`$${name}`]: 7 })).toEqual({ [`$${name}`]: 7 });
  });

  it('never throws on arbitrary or very deep JSON', () => {
    const tags = fc.constantFrom(...tagNames.split(' ').map((name) => `$${name}`));
    const { json } = fc.letrec<{ json: unknown }>((tie) => ({
      json: fc.oneof(
        fc.jsonValue(),
        fc.array(tie('json')),
        fc.tuple(tags, tie('json')).map((pair) => ownMembers([pair])),
      ),
    }));
    fc.assert(fc.property(json as fc.Arbitrary<JsonValue>, (value) => void decodeValue(value)));
    let deep: JsonValue = 1;
    for (let level = 0; level < 100_000; level += 1) {
      deep = level % 2 === 0 ? [deep] : { $set: deep };
    }
    expect(() => decodeValue(deep)).not.toThrow();
  });
});

function ownMembers(pairs: readonly (readonly [string, unknown])[]): object {
  const object = {};
  for (const [name, value] of pairs) {
    Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return object;
}
