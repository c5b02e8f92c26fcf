import type { HeldValue, HolderQuery, LifeKey, Moment } from './life-query.js';
import { type ScopeFilter, scopeCondition } from './scope-filter.js';
import { instantSql } from './search-rows.js';
import { SqlParameters } from './sql-parameters.js';
import type { BoundStatement } from './sql-statement.js';
import { CHANGE_COLUMNS } from './stored-row.js';
import type { TableNames } from './table-names.js';

const NO_END = '9223372036854775807';

/** See `TrailSearch.lives`; `n` is the place of the entity among the keys. */
export function livesSql(
  keys: readonly LifeKey[],
  moment: Moment | null,
  scope: ScopeFilter | null,
  tables: TableNames,
): BoundStatement {
  const parameters = new SqlParameters();
  const reached = moment
    ? `(r.recorded_at, r.id) <= (${instantSql(moment.recordedAt, parameters)}, ${parameters.add(moment.revisionId, 'bigint')})`
    : 'true';
  const numbered = keys.map((key, n) => ({ ...key, n }));
  const ofTypes = Map.groupBy(numbered, ({ types }) => JSON.stringify(types));
  const lives = [...ofTypes.values()].map((group) => livesOfTypes(group, reached, scope, tables, parameters));
  const sql = `select * from (${lives.join('\nunion all\n')}) lives order by lives.n, lives.id::bigint`;
  return { sql, parameters: parameters.values };
}

function livesOfTypes(
  keys: readonly (LifeKey & { readonly n: number })[],
  reached: string,
  scope: ScopeFilter | null,
  tables: TableNames,
  parameters: SqlParameters,
): string {
  const types = parameters.add(keys[0]?.types ?? [], 'text[]');
  const ids = parameters.add(
    keys.map(({ id }) => id),
    'text[]',
  );
  const places = parameters.add(
    keys.map(({ n }) => n),
    'int[]',
  );
  const ofKey = (alias: string) => `${alias}.entity_type = any(${types}) and ${alias}.entity_id = wanted.id`;
  const changesOf = (alias: string) =>
    `from ${tables.change} ${alias} join ${tables.revision} r on r.id = ${alias}.revision_id where ${ofKey(alias)}`;
  const inScope = scope ? `coalesce(${scopeCondition(scope, parameters)}, false)` : 'true';
  // `+ 0` keeps the planner from looking for the greatest id through the primary key.
  return `select wanted.n, life.*
from unnest(${ids}, ${places}) wanted(id, n)
cross join lateral (
  select max(b.id + 0) as id ${changesOf('b')} and b.operation = 'create' and ${reached}
) begun
cross join lateral (
  select min(e.id + 0) as id from ${tables.change} e
  where begun.id is null and ${ofKey('e')} and e.operation <> 'update'
) ended
cross join lateral (
  select ${CHANGE_COLUMNS}, ${reached} as reached, ${inScope} as visible ${changesOf('c')}
    and c.id >= coalesce(begun.id, 0) and c.id <= coalesce(ended.id, ${NO_END}) and (begun.id is null or ${reached})
) life`;
}

/** See `TrailSearch.holders`. */
export function holdersSql(query: HolderQuery, tables: TableNames): BoundStatement {
  const parameters = new SqlParameters();
  const { types, values, afterId, limit } = query;
  if (values.length === 0) {
    return allIdsSql(query, tables);
  }
  const ofTypes = (alias: string) => `${alias}.entity_type = any(${parameters.add(types, 'text[]')})`;
  const [first, ...others] = values;
  const conditions = [
    ofTypes('c'),
    ...(first ? [heldSql('c', first, parameters)] : []),
    ...others.map(
      (other) =>
        `exists (select from ${tables.change} o where ${ofTypes('o')} and o.entity_id = c.entity_id and ${heldSql('o', other, parameters)})`,
    ),
    ...(afterId === null ? [] : [`c.entity_id > ${parameters.add(afterId, 'text')}`]),
  ];
  const sql = `select distinct c.entity_id from ${tables.change} c where ${conditions.join(' and ')}
order by c.entity_id${limit === null ? '' : ` limit ${parameters.add(limit, 'int')}`}`;
  return { sql, parameters: parameters.values };
}

/** Jumps from id to id through the index, past the changes of each. */
function allIdsSql({ types, afterId, limit }: HolderQuery, tables: TableNames): BoundStatement {
  const parameters = new SqlParameters();
  const given = parameters.add(types, 'text[]');
  const after = afterId === null ? null : parameters.add(afterId, 'text');
  const nextAfter = (
    id: string | null,
  ) => `(select min(next.entity_id) from unnest(${given}) of(type) cross join lateral (
    select c.entity_id from ${tables.change} c
    where c.entity_type = of.type${id === null ? '' : ` and c.entity_id > ${id}`}
    order by c.entity_id limit 1
  ) next)`;
  const sql = `with recursive ids as (
  select ${nextAfter(after)} as entity_id
  union all
  select ${nextAfter('ids.entity_id')} from ids where ids.entity_id is not null
)
select entity_id from ids where entity_id is not null${limit === null ? '' : ` limit ${parameters.add(limit, 'int')}`}`;
  return { sql, parameters: parameters.values };
}

function heldSql(alias: string, { keys, anyOf, match }: HeldValue, parameters: SqlParameters): string {
  const given = parameters.add(
    anyOf.map((value) => JSON.stringify(value)),
    'jsonb[]',
  );
  const operator = match === 'equals' ? '=' : '@>';
  const conditions = keys.map(
    (key) => `(${alias}.after -> ${parameters.add(key, 'text')}) ${operator} any(${given})`,
  );
  return `(${conditions.join(' or ')})`;
}
