import { describe, expect, it } from '@jest/globals';
import type { EntityProperty } from '@mikro-orm/core';
import type { JsonValue } from '../../model/json.js';
import { columnTypesOf } from './column-type.js';
import { storedFormOf } from './stored-form.js';

function stored(sent: JsonValue, ...columnTypes: string[]): JsonValue | undefined {
  return storedFormOf(columnTypesOf({ columnTypes } as EntityProperty))(sent);
}

describe('storedFormOf', () => {
  it.each<[string, JsonValue, JsonValue]>([
    ['numeric(8,2)', '1.235', '1.24'],
    ['numeric(8,2)', '-1.235', '-1.24'],
    ['numeric(8,2)', '-0.004', '0.00'],
    ['numeric(8,2)', '.5', '0.50'],
    ['numeric(8)', '2.5', '3'],
    ['decimal', '0.10', '0.10'],
    ['character varying(3)', 'ab   ', 'ab '],
    ['char(3)', 'a', 'a  '],
    ['character(3)', '😀', '😀  '],
    ['char', 'a', 'a'],
    ['timestamptz(0)', '2024-05-01T10:00:00.500Z', '2024-05-01T10:00:01.000Z'],
    ['timestamptz(0)', '1999-12-31T23:59:58.500Z', '1999-12-31T23:59:58.000Z'],
    ['timestamp(2) without time zone', '2024-05-01T10:00:00.126Z', '2024-05-01T10:00:00.130Z'],
    ['real', 16_777_217, 16_777_216],
    ['float4', 0.1, 0.1],
    ['real', 1e38, 1e38],
    ['uuid', 'AAAAAAAA-0000-4000-8000-00000000000B', 'aaaaaaaa-0000-4000-8000-00000000000b'],
    [
      'uuid[]',
      ['AAAAAAAA-0000-4000-8000-00000000000B', null],
      ['aaaaaaaa-0000-4000-8000-00000000000b', null],
    ],
    ['timestamptz(0)[]', ['2024-05-01T10:00:00.500Z'], ['2024-05-01T10:00:01.000Z']],
    ['int[][]', [[1], [null]], [[1], [null]]],
  ])('%s stores %j as %j', (columnType, sent, expected) => {
    expect(stored(sent, columnType)).toEqual(expected);
  });

  it.each<[string, JsonValue]>([
    ['int', '5'],
    ['int', 1.5],
    ['bigint', '007'],
    ['numeric', '1e3'],
    ['numeric', '-0'],
    ['numeric(4,-2)', '1234'],
    ['boolean', 'yes'],
    ['date', '1 May 2024'],
    ['date', '12024-01-01'],
    ['time', '10:00'],
    ['uuid', '{aaaaaaaa-0000-4000-8000-00000000000b}'],
    ['timestamptz(3)', '2024-05-01T10:00:00.123456Z'],
    ['timestamptz', 'infinity'],
    ['interval', 'P1D'],
    ['interval(0)', '00:00:00.5'],
    ['int4range', '[1,2)'],
    ['inet', '10.0.0.1'],
    ['int[]', ['1']],
    ['text', 5],
  ])('%s leaves %j to the database', (columnType, sent) => {
    expect(stored(sent, columnType)).toBeUndefined();
  });

  it('stores the parts of a composite key each as its column does', () => {
    const upper = 'AAAAAAAA-0000-4000-8000-00000000000B';
    const columns = ['uuid', 'bigint', 'timestamptz(0)'];
    const day = '2024-05-01T10:00:00.500Z';
    expect(stored([[upper, '1'], day], ...columns)).toEqual([
      [upper.toLowerCase(), '1'],
      '2024-05-01T10:00:01.000Z',
    ]);
    expect(stored({ type: 'a', id: [upper, '1'] }, 'text', 'uuid', 'bigint')).toEqual({
      type: 'a',
      id: [upper.toLowerCase(), '1'],
    });
    expect(stored([[upper, '01'], day], ...columns)).toBeUndefined();
  });

  it('takes a value that was cut as it is', () => {
    const cut = { $cut: { reason: 'size' } };
    for (const columnType of ['text', 'varchar(10)', 'bytea', 'text[]', 'jsonb']) {
      expect(stored(cut, columnType)).toEqual(cut);
    }
  });
});
