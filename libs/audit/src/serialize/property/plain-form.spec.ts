import { describe, expect, it } from '@jest/globals';
import { type EntityProperty, JsonType, ReferenceKind } from '@mikro-orm/core';
import { PostgreSqlPlatform } from '@mikro-orm/postgresql';
import fc from 'fast-check';
import { SecretScan } from '../json/secret-scan.js';
import { PropertyCodec } from './property-codec.js';

const settings = {
  platform: new PostgreSqlPlatform(),
  limits: { maxValueBytes: 300, maxDepth: 4 },
  hashKey: null,
  secrets: new SecretScan(),
};

function codecOf(columnType: string): PropertyCodec {
  const prop = {
    name: 'value',
    kind: ReferenceKind.SCALAR,
    columnTypes: [columnType],
    ...(columnType.startsWith('json') ? { customType: new JsonType() } : {}),
  };
  const property = { name: 'value', path: 'value', sharesColumn: false, mask: null, members: new Map() };
  return new PropertyCodec({ ...property, prop: prop as unknown as EntityProperty }, settings);
}

const COLUMN_TYPES = [
  'text',
  'varchar(8)',
  'varchar',
  'char(3)',
  'uuid',
  'int',
  'smallint',
  'bigint',
  'numeric',
  'numeric(8,2)',
  'numeric(8,0)',
  'double precision',
  'real',
  'boolean',
  'date',
  'timestamptz',
  'timestamptz(0)',
  'timestamptz(1)',
  'timestamp(3)',
  'timestamptz(6)',
  'jsonb',
  'json',
  'text[]',
  'bytea',
];

const names = fc.constantFrom('a', 'b', 'password', '$date', '$b', '__proto__', 'toJSON');
const jsonText = fc
  .letrec((tie) => ({
    json: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom(null, true, 1.5, -0, 'x', 'n\u0000', '\ud800'),
      fc.array(tie('json'), { maxLength: 3 }),
      fc.dictionary(names, tie('json'), { maxKeys: 3 }),
    ),
  }))
  .json.map((json) => JSON.stringify(json));
const values = fc.oneof(
  fc.anything({ withDate: true, withBigInt: true, withNullPrototype: true, withTypedArray: true }),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('0', '1', '-', '.', '5', '+', ' ') }),
  fc.string({ minLength: 40, maxLength: 120, unit: fc.constantFrom('a', 'é', '\u0001') }),
  fc.uuid(),
  fc.uuid().map((uuid) => uuid.toUpperCase()),
  fc.integer(),
  fc.double(),
  fc.date({ noInvalidDate: false }),
  fc.date({ min: new Date('2024-02-28'), max: new Date('2024-03-01') }),
  fc.integer({ min: -10, max: 10 }).map((second) => new Date(second * 1_000)),
  fc.constantFrom('2024-02-29', '-0.00', '-0', '007', '1e20', '-0', '[1e20, -0]', new Date(253402300800000)),
  jsonText,
  jsonText.map((text) => ` ${text}`),
);

describe('an ordinary value', () => {
  it.each(COLUMN_TYPES)('of type %s is stored as encoding it step by step says', (columnType) => {
    const codec = codecOf(columnType);
    fc.assert(
      fc.property(values, (value) => {
        const ordinary = codec.ordinary(value);
        if (ordinary !== undefined) {
          const encoded = codec.encode(value, 'unit-of-work');
          expect(ordinary).toStrictEqual(encoded === null ? null : codec.storedForm(encoded));
        }
      }),
      { numRuns: 400 },
    );
  });

  it.each<[string, unknown, unknown]>([
    ['text', 'Grüße 💥', 'Grüße 💥'],
    ['varchar(8)', '', ''],
    ['uuid', '0b5e7e7a-4c5d-4f61-8d3d-0123456789ab', '0b5e7e7a-4c5d-4f61-8d3d-0123456789ab'],
    ['int', -7, -7],
    ['bigint', '-9007199254740993', '-9007199254740993'],
    ['numeric(12,2)', '0.50', '0.50'],
    ['numeric(12,2)', '-1250.00', '-1250.00'],
    ['boolean', false, false],
    ['date', '2024-02-29', '2024-02-29'],
    ['timestamptz(0)', new Date(-1_000), '1969-12-31T23:59:59.000Z'],
    ['timestamptz(6)', new Date(1_709_164_799_999), '2024-02-28T23:59:59.999Z'],
    ['jsonb', '{"a":[1,{"b":null}]}', { a: [1, { b: null }] }],
    ['bytea', null, null],
  ])('of type %s is known at once: %j', (columnType, value, expected) => {
    expect(codecOf(columnType).ordinary(value)).toStrictEqual(expected);
  });

  it.each(COLUMN_TYPES)('of type %s is told in the same way whatever was asked before', (columnType) => {
    const asked = codecOf(columnType);
    fc.assert(
      fc.property(fc.uuid(), values, (uuid, value) => {
        for (const each of [uuid, value, uuid, uuid.toUpperCase(), value]) {
          expect(asked.ordinary(each)).toStrictEqual(codecOf(columnType).ordinary(each));
        }
      }),
      { numRuns: 50 },
    );
  });

  it.each<[string, unknown]>([
    ['text', 'a\u0000b'],
    ['varchar(2)', 'abc'],
    ['uuid', '0B5E7E7A-4C5D-4F61-8D3D-0123456789AB'],
    ['numeric(12,2)', '1.5'],
    ['int', -0],
    ['timestamptz(0)', new Date(1)],
    ['jsonb', '{"$date":"2024-02-29"}'],
    ['jsonb', '{"password":"x"}'],
    ['jsonb', '[[[[[1]]]]]'],
    ['jsonb', JSON.stringify('x'.repeat(300))],
    ['text[]', '{a}'],
  ])('is not any of type %s: %j', (columnType, value) => {
    expect(codecOf(columnType).ordinary(value)).toBeUndefined();
  });
});
