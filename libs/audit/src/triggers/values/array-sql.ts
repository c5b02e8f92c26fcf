import type { Platform } from '@mikro-orm/core';
import type { ColumnType } from '../../serialize/property/column-type.js';
import { scalarSql } from './column-sql.js';
import { dedented, HIDDEN } from './sql-parts.js';

/** Elements that are the same inside an array. */
const AS_THEY_ARE: ReadonlySet<string> = new Set(
  'int smallint boolean uuid date text varchar char inet json jsonb'.split(' '),
);
const BY_THEMSELVES: ReadonlySet<string> = new Set([
  'real',
  'double precision',
  'timestamptz',
  'timestamp',
  'bytea',
  'oid',
  'point',
]);

/** An array as the codec encodes it, of type jsonb; null where it is. */
export function arraySql(value: string, column: ColumnType, platform: Platform): string {
  if (AS_THEY_ARE.has(column.base)) {
    return `to_jsonb(${value})`;
  }
  if (!BY_THEMSELVES.has(column.base)) {
    return `to_jsonb(${value}::text[])`;
  }
  const { json } = scalarSql({ ...column, isArray: false }, { runtimeType: 'string' }, platform);
  const list = (element: string, from: string) =>
    `select coalesce(jsonb_agg(${json(element)} order by at), '[]') from ${from}`;
  const plane = list(
    'cell',
    `generate_subscripts(${value}, 2) at, lateral (select (${value})[line][at] as cell offset 0) one`,
  );
  return dedented(`case when array_ndims(${value}) > 2 then ${HIDDEN}
    when array_ndims(${value}) = 2 then (select jsonb_agg((${plane}) order by line) from generate_subscripts(${value}, 1) line)
    when ${value} is not null then (${list('element', `unnest(${value}) with ordinality list(element, at)`)}) end`);
}
