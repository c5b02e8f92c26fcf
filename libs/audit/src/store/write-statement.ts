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
 * - `doubtful`: see `AuditStore.write`. The probe reads the head of the entity's index entries, which the insert
 *   touches anyway.
 */
export function writeStatement({ revision, change }: TableNames): string {
  return `with incoming as materialized (
  select c.*, last.operation as last_operation, last.before as last_before
  from rows from (json_to_recordset($1::json) as
      (t text, i text, rt text, ri text, o text, b jsonb, a jsonb)) with ordinality
    as c(t, i, rt, ri, o, b, a, n)
  left join lateral (
    select operation, before from ${change}
    where entity_type = c.t and entity_id = c.i order by id desc limit 1
  ) last on c.o <> 'create'
), accepted as materialized (
  select * from incoming where $3::boolean or last_operation is distinct from 'delete'
), revision as (
  insert into ${revision} (actor_type, actor_id, actor_label, on_behalf_of, action, reason, origin, correlation_id, metadata)
  select $4, $5, $6, $7::jsonb, $8, $9, $10::jsonb, $11, $12::jsonb
  where exists (select from accepted)
    and ($2::bigint is null or not exists (select from ${revision} where id = $2::bigint))
  returning id
), written as (
  insert into ${change} (revision_id, entity_type, entity_id, root_type, root_id, operation, before, after)
  select coalesce((select id from revision), $2::bigint), t, i, rt, ri, o, b, a from accepted order by n
)
select id::text as revision_id, null::bigint as n, null::jsonb as last_before from revision
union all
select null, n, last_before from incoming where not $3::boolean and last_operation = 'delete'`;
}
