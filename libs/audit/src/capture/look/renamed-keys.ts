import type { EntityManager } from '@mikro-orm/core';
import { RowMap, type RowName } from '../../model/row-map.js';
import type { RowPlace } from '../../policy/row-schema.js';
import { columnText, type RowKey, referenceColumns } from '../orm/row-key.js';
import { schemaOf, targetPlace } from '../orm/schema-facts.js';
import type { WatchedRow } from './watched-rows.js';

/**
 * The keys that rows get with the flush, by the keys that they had; children follow their parents.
 * @param em of the flush
 */
export function renamedKeys(
  own: Iterable<readonly [before: RowKey, after: RowKey]>,
  rows: RowMap<WatchedRow>,
  em: EntityManager,
): RowMap<readonly unknown[]> {
  const renamed = new RowMap<readonly unknown[]>();
  for (const [before, after] of own) {
    renamed.set(columnName(before, before.columns), after.columns);
  }
  for (let isGrowing = renamed.size > 0; isGrowing; ) {
    isGrowing = false;
    for (const { key } of rows.values()) {
      const name = columnName(key, key.columns);
      const followed = renamed.has(name) ? null : following(key, renamed, em);
      if (followed) {
        renamed.set(name, followed);
        isGrowing = true;
      }
    }
  }
  return renamed;
}

/** The name of a row by the text of its columns, as links and references have it. */
export function columnName({ table }: Pick<RowPlace, 'table'>, columns: readonly unknown[]): RowName {
  return { table, text: columnText(columns) };
}

/** The key columns of a row of which a part refers to a renamed row; null when none does. */
function following(
  { meta, parts, schema }: RowKey,
  renamed: RowMap<readonly unknown[]>,
  em: EntityManager,
): readonly unknown[] | null {
  let isFollowing = false;
  const columns = meta.primaryKeys.flatMap((name, i) => {
    const own = referenceColumns(parts[i]);
    const { targetMeta } = meta.properties[name] ?? {};
    const target = targetMeta && targetPlace(meta, targetMeta, schema ?? schemaOf(em), em);
    const followed = target && renamed.get(columnName(target, own));
    isFollowing ||= followed !== undefined;
    return followed ?? own;
  });
  return isFollowing ? columns : null;
}
