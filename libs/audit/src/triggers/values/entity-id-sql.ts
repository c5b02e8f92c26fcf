import type { EntityProperty, Platform } from '@mikro-orm/core';
import { quoted } from '../../model/sql-names.js';
import type { EntityPolicy } from '../../policy/entity-policy.js';
import { columnTypesOf } from '../../serialize/property/column-type.js';
import { scalarSql } from './column-sql.js';

/** The entity id of a row, as `keyText` makes it, of type text. */
export function entityIdSql({ meta }: EntityPolicy, alias: string, platform: Platform): string {
  return joined(meta.getPrimaryProps().flatMap((prop) => columnTexts(prop, alias, platform)));
}

/** The entity id of what a to-one relation leads to; null where it leads to nothing. */
export function keyTextSql(prop: EntityProperty, alias: string, platform: Platform): string {
  return orNothing(columnTexts(prop, alias, platform));
}

/** The key that some columns hold, as the driver gives it; null where one of them is null. */
export function columnsTextSql(columns: readonly string[], alias: string): string {
  return orNothing(columns.map((column) => `concat(${alias}.${quoted(column)})`));
}

function columnTexts(prop: EntityProperty, alias: string, platform: Platform): readonly string[] {
  const types = columnTypesOf(prop);
  return prop.fieldNames.map((column, at) => {
    const value = `${alias}.${quoted(column)}`;
    const type = types[at];
    return type === undefined ? `${value}::text` : scalarSql(type, prop, platform).text(value);
  });
}

function orNothing(texts: readonly string[]): string {
  const [only, second] = texts;
  return only !== undefined && second === undefined
    ? only
    : `case when num_nonnulls(${texts.join(', ')}) = ${texts.length} then ${joined(texts)} end`;
}

function joined(texts: readonly string[]): string {
  const [only, second] = texts;
  return only !== undefined && second === undefined
    ? only
    : `('[' || ${texts.map((text) => `to_json(${text})::text`).join(` || ',' || `)} || ']')`;
}
