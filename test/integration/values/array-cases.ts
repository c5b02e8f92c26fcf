import { ArrayType } from '@mikro-orm/core';
import type { ValueCase } from './value-case.js';

const hostile = ['a,b', '"q"', "it's", 'back\\slash', '{}', '', 'ü😀', 'two words'];
const dates = () =>
  new ArrayType(
    (text) => new Date(text),
    (date) => (date as unknown as Date).toISOString(),
  );

export const arrayCases: readonly ValueCase[] = [
  {
    name: 'TextArray',
    property: { type: 'array' },
    first: () => [...hostile],
    second: () => [],
    stored: [hostile, []],
  },
  {
    name: 'TextArrayOrder',
    property: { type: 'string[]' },
    first: () => ['a', 'b', 'a'],
    second: () => ['b', 'a', 'a'],
    stored: [
      ['a', 'b', 'a'],
      ['b', 'a', 'a'],
    ],
  },
  {
    name: 'TextArrayWithNulls',
    property: { type: 'array' },
    first: () => ['a', null, 'b'],
    second: () => [null],
    stored: [['a', null, 'b'], [null]],
  },
  {
    // MikroORM does not quote these, so PostgreSQL reads them as NULL and trims them.
    name: 'TextArrayMisread',
    property: { type: 'array' },
    first: () => ['null', ' a ', 'NULL'],
    second: () => ['null,', ' , ', 'line\nbreak', '"line\nbreak"'],
    equal: () => [null, 'a', null],
    stored: [
      [null, 'a', null],
      ['null,', ' , ', 'line\nbreak', '"linenbreak"'],
    ],
  },
  {
    name: 'IntArray',
    property: { type: 'number[]', columnType: 'int[]' },
    first: () => [3, -1, 2],
    second: () => [],
    stored: [[3, -1, 2], []],
  },
  {
    name: 'IntArrayOfStrings',
    property: { type: 'array', columnType: 'integer[]' },
    first: () => ['3', '1'],
    second: () => [2, null],
    stored: [
      [3, 1],
      [2, null],
    ],
  },
  {
    name: 'BigintArray',
    property: { type: new ArrayType((text) => BigInt(text)), columnType: 'bigint[]' },
    first: () => [9_007_199_254_740_993n, -1n],
    second: () => [],
    stored: [['9007199254740993', '-1'], []],
  },
  {
    name: 'NumericArray',
    property: { type: 'array', columnType: 'numeric(10,2)[]' },
    first: () => [1.5, -2, null],
    second: () => ['0.005'],
    equal: () => ['1.50', '-2', null],
    stored: [['1.50', '-2.00', null], ['0.01']],
  },
  {
    name: 'IntervalArray',
    property: { type: 'array', columnType: 'interval[]' },
    first: () => ['90 minutes', '1 day'],
    second: () => [],
    stored: [['01:30:00', '1 day'], []],
  },
  {
    name: 'VarcharArray',
    property: { type: 'array', columnType: 'varchar(3)[]' },
    first: () => ['abc', 'ü,'],
    second: () => [],
    stored: [['abc', 'ü,'], []],
  },
  {
    name: 'UuidArray',
    property: { type: 'array', columnType: 'uuid[]' },
    first: () => ['0B5E7E7A-4C5D-4F61-8D3D-0123456789AB'],
    second: () => [],
    equal: () => ['0b5e7e7a-4c5d-4f61-8d3d-0123456789ab'],
    stored: [['0b5e7e7a-4c5d-4f61-8d3d-0123456789ab'], []],
  },
  {
    name: 'BoolArray',
    property: { type: 'array', columnType: 'boolean[]' },
    first: () => [true, false, null],
    second: () => [false],
    stored: [[true, false, null], [false]],
  },
  {
    name: 'DoubleArray',
    property: { type: 'array', columnType: 'double precision[]' },
    first: () => [0.1, -2],
    second: () => [],
    stored: [[0.1, -2], []],
  },
  {
    name: 'InstantArray',
    property: { type: dates(), columnType: 'timestamptz(3)[]' },
    first: () => [new Date('2024-05-01T10:00:00.123Z'), new Date('1969-12-31T23:59:59.999Z')],
    second: () => [],
    stored: [['2024-05-01T10:00:00.123Z', '1969-12-31T23:59:59.999Z'], []],
  },
  {
    name: 'DateArray',
    property: { type: 'array', columnType: 'date[]' },
    first: () => ['2024-02-29', '0044-03-15'],
    second: () => [],
    stored: [['2024-02-29', '0044-03-15'], []],
  },
  {
    name: 'EnumArrayText',
    property: { enum: true, array: true, items: () => ['red', 'light,blue'] },
    first: () => ['red', 'light,blue'],
    second: () => [],
    stored: [['red', 'light,blue'], []],
  },
  {
    name: 'EnumArrayNative',
    property: { enum: true, array: true, items: () => ['red', 'light,blue'], nativeEnumName: 'shade' },
    first: () => ['red', 'light,blue'],
    second: () => [],
    stored: [['red', 'light,blue'], []],
  },
  {
    name: 'EnumArrayNumeric',
    property: { enum: true, array: true, items: () => [1, 2] },
    first: () => [2, 1],
    second: () => [],
    stored: [['2', '1'], []],
  },
];
