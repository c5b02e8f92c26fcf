import { createHash } from 'node:crypto';
import type { Platform } from '@mikro-orm/core';
import { linkTableOf, owningSide } from '../capture/orm/link-table.js';
import { literal, quoted } from '../model/sql-names.js';
import type { AuditedCollection, EntityPolicy } from '../policy/entity-policy.js';
import { isOfClassSql } from './entity-sql.js';
import { HIDDEN_LINKS, linksSql } from './links-sql.js';
import { quotedTable, type RecordedTable } from './recorded-table.js';
import { columnsTextSql, entityIdSql } from './values/entity-id-sql.js';

/** A relation whose links end with the rows of a class. */
export interface EndingLinks {
  readonly policy: EntityPolicy;
  readonly collection: AuditedCollection;
  readonly linkTable: RecordedTable;
}

/** Where the links of deleted rows wait for their changes. */
function deletedLinksSetting(table: RecordedTable): string {
  return `audit.links_${createHash('sha256').update(quotedTable(table)).digest('hex').slice(0, 12)}`;
}

/**
 * The body of a function that puts the links of deleted rows aside. It has to be stable: then it sees the link tables as they were
 * before the statement, which foreign keys have emptied since.
 */
export function collectingBody(
  table: RecordedTable,
  links: readonly EndingLinks[],
  platform: Platform,
): string {
  const relations = links.map(({ policy, collection, linkTable }) => {
    const { prop } = collection;
    const owning = owningSide(prop) ?? prop;
    const { ownerColumns, targetColumns, filter } = linkTableOf(owning);
    const [own, other] = prop.owner ? [ownerColumns, targetColumns] : [targetColumns, ownerColumns];
    const keys = policy.meta.getPrimaryProps().flatMap(({ fieldNames }) => fieldNames);
    const join = keys.map((key, index) => `l.${quoted(own[index] ?? '')} = o.${quoted(key)}`).join(' and ');
    const isOwn = filter ? `l.${quoted(filter.column)}::text = ${literal(filter.value)}` : 'true';
    const order = collection.ordered ? ` order by l.${quoted(owning.fixedOrderColumn ?? '')}` : '';
    const ids = `jsonb_agg(${columnsTextSql(other, 'l')}${order})`;
    const value = collection.isMasked ? HIDDEN_LINKS : linksSql(collection, ids);
    return `select ${entityIdSql(policy, 'o', platform)} as id, ${literal(collection.name)} as name, ${value} as links from old_rows o join ${quotedTable(linkTable)} l on ${join} where ${isOfClassSql(policy.meta, 'o')} and ${isOwn} group by 1`;
  });
  return `begin
  perform set_config(${literal(deletedLinksSetting(table))}, coalesce((
    select jsonb_object_agg(id, links)::text from (
      select id, jsonb_object_agg(name, links) as links from (${relations.join(' union all ')}) of_relation group by id
    ) of_entity
  ), ''), true);
  return null;
end`;
}

/** A join that adds the links of a deleted row, as `ended.links`. */
export function endedLinksJoin(table: RecordedTable, id: string): string {
  return `left join jsonb_each(nullif(current_setting(${literal(deletedLinksSetting(table))}, true), '')::jsonb) ended(id, links) on ended.id = ${id}`;
}
