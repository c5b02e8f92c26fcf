import { type EntityMetadata, type EntityProperty, Utils } from '@mikro-orm/core';
import { RowMap, type RowName } from '../../model/row-map.js';
import type { AnyChangeSet } from './change-set-facts.js';
import type { EntityValues } from './entity-facts.js';
import { type Link, linkTableOf, linkText } from './link-table.js';
import { columnText } from './row-key.js';

/** Deletes from one link table: the conditions that were sent, and the rows that they found; both by column. */
interface LinkDeletes {
  readonly conditions: EntityValues[];
  readonly found: EntityValues[];
}

/** Rows and links that the deletes of one flush have named, but not found. */
export class MissedDeletes {
  /** How many deletes have missed a row: the unit of work may delete it twice, and then only one of them finds it. */
  private readonly rows = new RowMap<number>();
  private readonly links = new Map<unknown, LinkDeletes>();

  /**
   * @param keys of all rows that the statement names, as change sets have them
   * @param found the rows that it has deleted, by column
   */
  noteRows(
    meta: EntityMetadata,
    schema: string | undefined,
    keys: readonly unknown[],
    found: readonly EntityValues[],
  ): void {
    if (found.length === keys.length) {
      return;
    }
    const columns = keyFieldsOf(meta);
    const hit = new Set(found.map((row) => columnText(columns.map((column) => row[column]))));
    for (const key of keys) {
      if (!hit.has(columnText(keyColumns(meta, key)))) {
        const row = nameOf(meta, schema, key);
        this.rows.set(row, (this.rows.get(row) ?? 0) + 1);
      }
    }
  }

  noteLinks({ class: table }: EntityMetadata, conditions: EntityValues[], found: EntityValues[]): void {
    const deletes = this.links.get(table) ?? { conditions: [], found: [] };
    deletes.conditions.push(...conditions);
    deletes.found.push(...found);
    this.links.set(table, deletes);
  }

  /** Whether the delete of a change set found no row; each miss counts for one change set. */
  take(changeSet: AnyChangeSet): boolean {
    if (this.rows.size === 0) {
      return false;
    }
    const { meta, schema } = changeSet;
    const row = nameOf(meta.root, schema ?? meta.root.schema, changeSet.getPrimaryKey());
    const count = this.rows.get(row) ?? 0;
    this.rows.set(row, Math.max(0, count - 1));
    return count > 0;
  }

  /**
   * The links of a relation, without those that deletes have named and not found.
   * @param owning the property of the side that owns the link table
   */
  withoutMissed(owning: EntityProperty, links: readonly Link[]): readonly Link[] {
    const deletes = this.links.get(owning.pivotEntity);
    if (!deletes) {
      return links;
    }
    const { ownerColumns, targetColumns, filter } = linkTableOf(owning);
    const isOurs = (values: EntityValues): boolean =>
      filter === null || !(filter.column in values) || values[filter.column] === filter.value;
    const textIn = (values: EntityValues, columns: readonly string[]): string | null =>
      columns.every((column) => column in values)
        ? columnText(columns.map((column) => values[column]))
        : null;
    const linksIn = (rows: readonly EntityValues[]) =>
      rows
        .filter(isOurs)
        .map((row) => ({ ownerId: textIn(row, ownerColumns), targetId: textIn(row, targetColumns) }));
    const found = new Set(linksIn(deletes.found).map((link) => linkText(link as Link)));
    const named = new Set(linksIn(deletes.conditions).map(partsText));
    return links.filter(
      (link) =>
        found.has(linkText(link)) ||
        ![link, { ...link, targetId: null }, { ...link, ownerId: null }].some((part) =>
          named.has(partsText(part)),
        ),
    );
  }
}

/** The columns by which rows of a class are named. */
export function keyFieldsOf(meta: EntityMetadata): readonly string[] {
  return meta.getPrimaryProps().flatMap(({ fieldNames }) => fieldNames);
}

function nameOf(meta: EntityMetadata, schema: string | undefined, key: unknown): RowName {
  return { table: meta.class, text: columnText([schema ?? '', ...keyColumns(meta, key)]) };
}

/** @param key the value, or an object or a list of the parts, or of all columns */
function keyColumns(meta: EntityMetadata, key: unknown): readonly unknown[] {
  return Array.isArray(key) && key.length !== meta.primaryKeys.length
    ? key
    : Utils.getOrderedPrimaryKeys(key as never, meta);
}

/** The text of a link, or of all links of one end. */
function partsText({ ownerId, targetId }: { readonly [End in keyof Link]: Link[End] | null }): string {
  return JSON.stringify([ownerId, targetId]);
}
