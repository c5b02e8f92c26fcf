import type { EntityProperty, Platform } from '@mikro-orm/core';
import { quoted } from '../../model/sql-names.js';
import { columnTypesOf } from '../../serialize/property/column-type.js';
import { type ColumnSql, scalarSql } from './column-sql.js';
import type { OpenSql } from './open-sql.js';

/** A to-one relation: the key of its target, an array where it is composite, an object where it leads to several classes. */
export function referenceSql(prop: EntityProperty, platform: Platform): OpenSql {
  const types = columnTypesOf(prop);
  const columns = prop.fieldNames.map((name, at): [string, ColumnSql] => [
    quoted(name),
    scalarSql(
      types[at] ?? { base: 'text', isArray: false, length: undefined, scale: undefined },
      prop,
      platform,
    ),
  ]);
  const known = (alias: string) => columns.map(([name]) => `${alias}.${name} is not null`).join(' and ');
  const isNull = (alias: string) => `(${known(alias)}) is not true`;
  return {
    places: [],
    isNull,
    json: (alias) => {
      const parts = columns.map(([name, { json }]) => json(`${alias}.${name}`));
      if (parts.length === 1) {
        return parts.join();
      }
      const [discriminator, ...id] = parts;
      const whole = prop.polymorphic
        ? `jsonb_build_object('type', ${discriminator}, 'id', ${arrayOf(id)})`
        : nested(prop, parts.values());
      return `case when ${known(alias)} then ${whole} end`;
    },
    differs: (before, after) =>
      `(${columns.map(([name, { compared }]) => `${compared(`${before}.${name}`)} is distinct from ${compared(`${after}.${name}`)}`).join(' or ')})`,
  };
}

/** As MikroORM nests the parts of keys that have keys. */
function nested(prop: EntityProperty, parts: Iterator<string>): string {
  const keys = prop.targetMeta?.getPrimaryProps() ?? [];
  return keys.length === 0 ? String(parts.next().value) : arrayOf(keys.map((key) => nested(key, parts)));
}

function arrayOf(parts: readonly string[]): string {
  return parts.length === 1 ? parts.join() : `jsonb_build_array(${parts.join(', ')})`;
}
