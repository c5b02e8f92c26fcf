import type { TableNames } from './table-names.js';

/**
 * The one statement of an audited transaction: revision and changes together.
 *
 * - `$1` is one JSON parameter with all changes, so there is no parameter limit and nothing to plan per row.
 * - The revision row is written only when there is a change to go with it, and only once per transaction: `$2` is
 *   the id it already has. That row may be gone again when it was written inside a savepoint that was rolled back,
 *   hence the `not exists`.
 * - Ids come from the sequence in the order of `n`, after the business rows are locked, so the ids of one entity
 *   rise in the order of its changes.
 * - `doubtful`: see `AuditStore.write`. Few entities were ever deleted, so the partial index of deletes answers for
 *   the rest without a look at the table; the newest change is looked up only where it holds something.
 */
export function writeStatement({ revision, change }: TableNames): string {
  const newest = `from ${change} newest where newest.entity_type = c.t and newest.entity_id = c.i order by newest.id desc limit 1`;
  return `with incoming as materialized (
  select c.*, not $3::boolean and c.o <> 'create' and case when exists (
    select from ${change} d where d.operation = 'delete' and d.entity_type = c.t and d.entity_id = c.i
  ) then (select newest.operation = 'delete' ${newest}) else false end as doubtful
  from rows from (json_to_recordset($1::json) as
      (t text, i text, rt text, ri text, o text, b jsonb, a jsonb)) with ordinality
    as c(t, i, rt, ri, o, b, a, n)
), revision as (
  insert into ${revision} (actor_type, actor_id, actor_label, on_behalf_of, action, reason, origin, correlation_id, metadata)
  select $4, $5, $6, $7::jsonb, $8, $9, $10::jsonb, $11, $12::jsonb
  where exists (select from incoming where not doubtful)
    and ($2::bigint is null or not exists (select from ${revision} where id = $2::bigint))
  returning id
), written as (
  insert into ${change} (revision_id, entity_type, entity_id, root_type, root_id, operation, before, after)
  select coalesce((select id from revision), $2::bigint), t, i, rt, ri, o, b, a from incoming where not doubtful order by n
)
select id::text as revision_id, null::bigint as n, null::jsonb as deleted_state from revision
union all
select null, c.n, (select newest.before ${newest}) from incoming c where c.doubtful`;
}
