import { relationTarget } from '../../model/relation-target.js';
import { SqlParameters } from '../sql/sql-parameters.js';
import type { BoundStatement } from '../sql/sql-statement.js';
import type { TableNames } from '../tables/table-names.js';
import type { HeldValue, HolderQuery, ReferrerQuery, ToldEntities } from './life-query.js';

/** An entity that was looked at, in the order of the ids. */
export interface HolderRow {
  readonly entity_id: string;
  readonly is_holder: boolean;
  /** The one before it; null for the first. */
  readonly previous_id: string | null;
  /** Whether there may be more than was looked at, and more of the last entity. */
  readonly is_cut: boolean;
}

export interface ReferrerRow {
  readonly ids: readonly string[];
  /** Of changes, at most one more than the limit. */
  readonly count: number;
}

/** See `TrailSearch.referrers`. */
export function referrersSql(
  { types, paths, targetIds, afterId, limit }: ReferrerQuery,
  tables: TableNames,
): BoundStatement {
  const targets = types.flatMap((type) =>
    paths.flatMap((path) => targetIds.map((id) => relationTarget(type, path, id))),
  );
  const parameters = new SqlParameters();
  const sql = `with recursive led as materialized (
  select c.entity_id from ${tables.change} c where c.targets && ${parameters.add(targets, 'text[]')}
  ${limit === null ? '' : `limit ${parameters.add(limit + 1, 'int')}`}
), ids as (
  select entity_id from led
  union
  select c.renamed_to from ids join ${tables.change} c on c.entity_type = any(${parameters.add(types, 'text[]')})
    and c.entity_id = ids.entity_id and c.renamed_to is not null
)
select (select count(*)::int from led) as count, array(
  select entity_id from ids
  ${afterId === null ? '' : `where entity_id > ${parameters.add(afterId, 'text')}`} order by entity_id
) as ids`;
  return { sql, parameters: parameters.values };
}

interface ToldRow {
  readonly id: string;
  readonly is_told: boolean;
}

/**
 * See `EntityWalk.told`. Few entities end or change their key, so the partial indexes of these answer for the others without a
 * look at the table.
 */
export function toldSql(
  types: readonly string[],
  ids: readonly string[],
  { change }: TableNames,
): BoundStatement {
  const parameters = new SqlParameters();
  const given = parameters.add(types, 'text[]');
  const sql = `select wanted.id, told.id is not null and not exists (
    select from ${change} e where e.entity_type = any(${given}) and e.entity_id = wanted.id
      and (e.operation = 'delete' or e.renamed_to is not null) and e.id > told.id
  ) as is_told
from unnest(${parameters.add(ids, 'text[]')}) wanted(id)
left join lateral (
  select max(newest.id) as id from unnest(${given}) of(type) cross join lateral (
    select c.id from ${change} c where c.entity_type = of.type and c.entity_id = wanted.id
      and c.operation in ('create', 'baseline') order by c.id desc limit 1
  ) newest
) told on true
where told.id is not null
  or exists (select from ${change} r where r.entity_type = any(${given}) and r.renamed_to = wanted.id)`;
  return { sql, parameters: parameters.values };
}

export function toldOf(rows: readonly ToldRow[]): ToldEntities {
  const ids = (told: boolean) => rows.flatMap(({ id, is_told }) => (is_told === told ? [id] : []));
  return { whole: ids(true), doubtful: ids(false) };
}

/**
 * See `TrailSearch.holders`: the entities of the next changes, in the order of the index of entities. A value that an entity had
 * before its key changed stands under another id, so the entity counts as one that had everything.
 */
export function holdersSql(query: HolderQuery, tables: TableNames): BoundStatement {
  const { types, values, afterId, window } = query;
  if (values.length === 0) {
    return allIdsSql(query, tables);
  }
  const parameters = new SqlParameters();
  const limit = parameters.add(window, 'int');
  const after = afterId === null ? null : parameters.add(afterId, 'text');
  const beyond = (id: string) => `c.${id} is not null ${after === null ? '' : `and c.${id} > ${after}`}`;
  const held = values.map((value, n) => `${heldSql(value, parameters)} as held${n}`);
  const holds = values.map((_, n) => `coalesce(bool_or(held${n}), false)`);
  const sql = `with looked as materialized (
  select scan.* from unnest(${parameters.add(types, 'text[]')}) of(type) cross join lateral (
    (select c.entity_id, c.id, ${held.join(', ')} from ${tables.change} c
    where c.entity_type = of.type and ${beyond('entity_id')} order by c.entity_id, c.id limit ${limit})
    union all
    (select c.renamed_to, c.id, ${values.map(() => 'true').join(', ')} from ${tables.change} c
    where c.entity_type = of.type and ${beyond('renamed_to')} order by c.renamed_to, c.id limit ${limit})
  ) scan order by scan.entity_id, scan.id limit ${limit}
), entity as (
  select entity_id, ${holds.join(' and ')} as is_holder,
    lag(entity_id) over (order by entity_id) as previous_id,
    row_number() over (order by entity_id desc) = 1 as is_last
  from looked group by entity_id
)
select entity_id, is_holder, previous_id, is_last and (select count(*) from looked) = ${limit} as is_cut
from entity where is_holder or is_last order by entity_id`;
  return { sql, parameters: parameters.values };
}

/** Jumps from id to id through the index, past the changes of each. */
function allIdsSql({ types, afterId, window }: HolderQuery, tables: TableNames): BoundStatement {
  const parameters = new SqlParameters();
  const given = parameters.add(types, 'text[]');
  const after = afterId === null ? null : parameters.add(afterId, 'text');
  const nextAfter = (
    id: string | null,
  ) => `(select min(next.entity_id) from unnest(${given}) of(type) cross join lateral (
    ${['entity_id', 'renamed_to']
      .map(
        (column) => `(select c.${column} as entity_id from ${tables.change} c
    where c.entity_type = of.type and c.${column} is not null${id === null ? '' : ` and c.${column} > ${id}`}
    order by c.${column} limit 1)`,
      )
      .join(' union all ')}
  ) next)`;
  // One more than is wanted, which says whether there is more.
  const sql = `with recursive ids as (
  select ${nextAfter(after)} as entity_id
  union all
  select ${nextAfter('ids.entity_id')} from ids where ids.entity_id is not null
), entity as (
  select entity_id from ids where entity_id is not null limit ${parameters.add(window + 1, 'int')}
)
select entity_id, true as is_holder, lag(entity_id) over (order by entity_id) as previous_id,
  row_number() over (order by entity_id) > ${parameters.add(window, 'int')} as is_cut
from entity order by entity_id`;
  return { sql, parameters: parameters.values };
}

function heldSql({ keys, value }: HeldValue, parameters: SqlParameters): string {
  const given = parameters.add(JSON.stringify(value), 'jsonb');
  const conditions = keys.map((key) => `(c.after -> ${parameters.add(key, 'text')}) = ${given}`);
  return `(${conditions.join(' or ')})`;
}
