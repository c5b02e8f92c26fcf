import type { EntityProperty } from '@mikro-orm/core';

/** A column type of PostgreSQL, taken apart. */
export interface ColumnType {
  /** One name of those that mean the same: `int`, not `integer` or `serial`. Of an array that of its elements. */
  readonly base: string;
  readonly isArray: boolean;
  /** The first number in brackets: length, precision. */
  readonly length: number | undefined;
  readonly scale: number | undefined;
}

const SAME: Readonly<Record<string, string>> = {
  integer: 'int',
  int4: 'int',
  serial: 'int',
  serial4: 'int',
  int2: 'smallint',
  smallserial: 'smallint',
  serial2: 'smallint',
  int8: 'bigint',
  bigserial: 'bigint',
  serial8: 'bigint',
  decimal: 'numeric',
  float8: 'double precision',
  double: 'double precision',
  float4: 'real',
  bool: 'boolean',
  'character varying': 'varchar',
  character: 'char',
  bpchar: 'char',
  'timestamp with time zone': 'timestamptz',
  'timestamp without time zone': 'timestamp',
  'time without time zone': 'time',
  'time with time zone': 'timetz',
};

/** Several for a foreign key to a composite key. */
export function columnTypesOf(prop: EntityProperty): readonly ColumnType[] {
  const types = (prop.columnTypes ?? []).map(parseColumnType);
  return prop.nativeEnumName === undefined ? types : types.map((type) => ({ ...type, base: 'text' }));
}

/** The driver gives their elements as floating-point numbers. */
export function isNumericArray(column: ColumnType | undefined): boolean {
  return column?.isArray === true && column.base === 'numeric';
}

function parseColumnType(declared: string): ColumnType {
  const match = /^([^([]+?)\s*(?:\((\d+)(?:\s*,\s*(\d+))?\))?(\s[^[(]*)?((?:\[\d*\])*)$/.exec(
    declared.toLowerCase().trim(),
  );
  const [, name = declared, length, scale, suffix = '', dimensions = ''] = match ?? [];
  const base = `${name}${suffix}`;
  return {
    base: SAME[base] ?? base,
    isArray: dimensions !== '',
    length: length === undefined ? undefined : Number(length),
    scale: scale === undefined ? undefined : Number(scale),
  };
}
