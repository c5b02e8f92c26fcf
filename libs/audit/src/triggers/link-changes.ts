import type { EntityProperty, Platform } from '@mikro-orm/core';
import { linkTableOf, owningSide } from '../capture/orm/link-table.js';
import { relationTarget } from '../model/relation-target.js';
import { literal, quoted } from '../model/sql-names.js';
import type { AuditedCollection, EntityPolicy } from '../policy/entity-policy.js';
import { isOfClassSql, type PolicyOf, rootSql } from './entity-sql.js';
import { HIDDEN_LINKS, linksSql } from './links-sql.js';
import { quotedTable, type RecordedTable } from './recorded-table.js';
import { PAIRS, type TableChanges } from './table-triggers.js';
import { columnsTextSql } from './values/entity-id-sql.js';

/** A relation of one audited class, whose links are rows of a table. */
export interface RecordedLinks {
  readonly policy: EntityPolicy;
  readonly collection: AuditedCollection;
  /** The table of the class. */
  readonly ownTable: RecordedTable;
}

/**
 * The changes of links that statements on a link table mean, as updates of the entities that record them. An effect of the database on
 * the links of an entity that is deleted, or gets another key, is no change of its own: they end, or go, with the entity.
 */
export function linkChanges(
  table: RecordedTable,
  recorded: readonly RecordedLinks[],
  policyOf: PolicyOf,
  platform: Platform,
): TableChanges {
  const relations = recorded.map((links) => new RelationChanges(table, links, policyOf, platform));
  const all = (lost: string | null, came: string | null): string =>
    relations.map((relation) => relation.query(lost, came)).join(' union all ');
  const isOrdered = recorded.some(({ collection }) => collection.ordered);
  return {
    insert: all(null, 'new_rows'),
    update: relations.map((relation) => relation.update()).join(' union all '),
    delete: all('old_rows', null),
    collect: null,
    // The lists after it cannot be read from a table that is still full.
    truncate: isOrdered ? null : all(quotedTable(table), null),
  };
}

class RelationChanges {
  private readonly owning: EntityProperty;
  private readonly own: readonly string[];
  private readonly other: readonly string[];
  private readonly filter: string;
  /** Of the class that records the links. */
  private readonly keys: readonly string[];

  constructor(
    private readonly table: RecordedTable,
    private readonly links: RecordedLinks,
    private readonly policyOf: PolicyOf,
    private readonly platform: Platform,
  ) {
    const { prop } = links.collection;
    this.owning = owningSide(prop) ?? prop;
    const { ownerColumns, targetColumns, filter } = linkTableOf(this.owning);
    [this.own, this.other] = prop.owner ? [ownerColumns, targetColumns] : [targetColumns, ownerColumns];
    this.keys = links.policy.meta.getPrimaryProps().flatMap(({ fieldNames }) => fieldNames);
    this.filter = filter ? `${quoted(filter.column)}::text = ${literal(filter.value)}` : 'true';
  }

  update(): string {
    const { ownTable } = this.links;
    const { keys } = this;
    const same = this.own.map((column) => `o.${quoted(column)} = n.${quoted(column)}`).join(' and ');
    const stays = keys
      .map((key, index) => `w.${quoted(key)} = o.${quoted(this.own[index] ?? '')}`)
      .join(' and ');
    const rows = (alias: string) =>
      `(select ${alias}.* from ${PAIRS} where ${same} or exists (select from ${quotedTable(ownTable)} w where ${stays}))`;
    return this.query(rows('o'), rows('n'));
  }

  /** @param lost the rows of links that are gone, and those that came; null where there are none */
  query(lost: string | null, came: string | null): string {
    const { policy, collection, ownTable } = this.links;
    const columns = this.own.map((_, index) => `k${index}`).join(', ');
    const join = this.keys.map((key, index) => `w.${quoted(key)} = x.k${index}`).join(' and ');
    const root = rootSql(policy, 'w', this.policyOf, this.platform);
    const side = (ids: string): string =>
      collection.isMasked
        ? `jsonb_build_object(${literal(collection.name)}, ${HIDDEN_LINKS})`
        : `case when ${ids} is null then '{}'::jsonb else jsonb_build_object(${literal(collection.name)}, ${linksSql(collection, ids)}) end`;
    const tags = collection.isMasked ? 'null::text[]' : 'x.tg';
    return `select ${literal(policy.entityType)}, x.id, ${root.type}, ${root.id}, 'update', ${side('x.lost')}, ${side('x.came')}, null::jsonb, null, null, ${tags}
    from (${collection.ordered ? this.lists(lost, came, columns) : this.differences(lost, came, columns)}) x join ${quotedTable(ownTable)} w on ${join}
    where ${isOfClassSql(policy.meta, 'w')}`;
  }

  private differences(lost: string | null, came: string | null, columns: string): string {
    const rows = [
      ...(lost === null ? [] : [this.ends(lost, -1)]),
      ...(came === null ? [] : [this.ends(came, 1)]),
    ].join(' union all ');
    return `select id, ${columns}, jsonb_agg(t) filter (where s < 0) as lost, jsonb_agg(t) filter (where s > 0) as came, ${this.tags('t', 's > 0')} as tg
      from (select id, ${columns}, t, sum(s) as s from (${rows}) r group by id, ${columns}, t) d where s <> 0 group by id, ${columns}`;
  }

  private lists(lost: string | null, came: string | null, columns: string): string {
    const order = quoted(this.owning.fixedOrderColumn ?? '');
    const rows = [lost, came]
      .flatMap((source) => (source === null ? [] : [this.ends(source, 0)]))
      .join(' union ');
    const text = (alias: string) => columnsTextSql(this.other, alias);
    const isOwn = (alias: string) =>
      `${this.own.map((column, index) => `${alias}.${quoted(column)} = e.k${index}`).join(' and ')} and ${this.filter}`;
    const kept = `select ${text('p')} as t, p.${order} as k from ${quotedTable(this.table)} p where ${isOwn('p')}`;
    const old =
      came === null ? kept : `${kept} and not exists (select from ${came} c where c.${order} = p.${order})`;
    const was =
      lost === null
        ? old
        : `${old} union all select ${text('l')}, l.${order} from ${lost} l where ${isOwn('l')}`;
    const list = (query: string) =>
      `coalesce((select jsonb_agg(t order by k) from (${query}) q), '[]'::jsonb)`;
    return `select id, ${columns}, ${list(was)} as lost, ${list(kept)} as came, (select ${this.tags('t', 'true')} from (${kept}) q) as tg
      from (select distinct id, ${columns} from (${rows}) r) e`;
  }

  /** The links of some rows, by both ends. */
  private ends(source: string, sign: number): string {
    const keys = this.own.map((column, index) => `${quoted(column)} as k${index}`).join(', ');
    return `select ${columnsTextSql(this.own, 'z')} as id, ${keys}, ${columnsTextSql(this.other, 'z')} as t, ${sign} as s from ${source} z where ${this.filter}`;
  }

  private tags(text: string, condition: string): string {
    const prefix = literal(relationTarget(this.links.policy.entityType, this.links.collection.name, ''));
    return `array_agg(${prefix} || ${text}) filter (where ${condition})`;
  }
}
