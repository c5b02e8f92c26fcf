import type { EntityMetadata, EntityProperty } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { owningSide } from '../../capture/orm/link-table.js';
import { RowPages } from '../../capture/orm/row-pages.js';
import { homeOf, pivotOf, quotedLinkTable } from '../../capture/orm/schema-facts.js';
import { quoted } from '../../model/sql-names.js';
import type { CoveredClass } from './covered-classes.js';

/** The tables that hold the rows and links of a class, by quoted name, with the relations whose columns they have. */
export function tablesOf(
  { policy, codec, instance }: CoveredClass,
  em: EntityManager,
): ReadonlyMap<string, readonly EntityProperty[]> {
  const links = [...policy.collections.values()].flatMap(({ prop }) => owningSide(prop) ?? []);
  const { table } = new RowPages(em, codec, 'write');
  return new Map([
    ...ownTables(policy.meta, table).map(([name, meta]) => [name, meta.relations] as const),
    ...links.map(
      (owning) =>
        [quotedLinkTable(owning, instance.policies.schema, em), pivotOf(owning, em).relations] as const,
    ),
  ]);
}

/** All tables whose rows decide about the rows of a class: also those of the classes that extend it, and those of the trail. */
export function tablesAround(covered: CoveredClass, em: EntityManager): readonly string[] {
  const pages = new RowPages(em, covered.codec, 'write');
  const schema = schemaIn(pages.table);
  return [
    ...tablesOf(covered, em).keys(),
    ...pages.subclasses.map(({ tableName }) => `${schema}${quoted(tableName)}`),
    ...covered.instance.trail.map(
      ({ schema: own = homeOf(em), tableName }) => `${quoted(own)}.${quoted(tableName)}`,
    ),
  ];
}

/** The table of the class, and those of the classes that it extends where each has its own; by quoted name. */
function ownTables(meta: EntityMetadata, table: string): readonly (readonly [string, EntityMetadata])[] {
  const schema = schemaIn(table);
  const tables: (readonly [string, EntityMetadata])[] = [
    [table, meta.root.tableName === meta.tableName ? meta : meta.root],
  ];
  for (let one: EntityMetadata | undefined = meta; one && one.tableName !== meta.root.tableName; ) {
    tables.push([`${schema}${quoted(one.tableName)}`, one]);
    one = one.tptParent as EntityMetadata | undefined;
  }
  return tables;
}

/** Of the quoted name of a table, up to and with the dot; empty without one. */
function schemaIn(table: string): string {
  return table.includes('.') ? `${table.slice(0, table.lastIndexOf('.'))}.` : '';
}
