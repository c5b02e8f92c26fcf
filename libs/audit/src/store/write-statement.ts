import { createHash } from 'node:crypto';
import { HEADER_COLUMNS, headerValues } from './revision-header.js';
import type { PreparedStatement } from './sql-statement.js';
import type { TableNames } from './table-names.js';

/** Growth of the table after which the statement is planned anew. */
const REPLAN_FACTOR = 4;

/**
 * The statement that writes a revision, prepared. PostgreSQL keeps the plan of a prepared statement for the life of the
 * connection; one that was made while the table was empty would read it from end to end for ever (until somebody runs
 * `analyze`). So the name, and with it the plan, changes each time this process has written four times as many changes.
 */
export class WriteStatement {
  private readonly text: string;
  private readonly name: string;
  private written = 1;

  constructor(tables: TableNames) {
    this.text = writeSql(tables);
    this.name = `audit_write_${createHash('sha256').update(this.text).digest('hex').slice(0, 12)}`;
  }

  /** @param changes how many changes are going to be written */
  prepare(changes: number): PreparedStatement {
    const generation = Math.floor(Math.log(this.written) / Math.log(REPLAN_FACTOR));
    this.written += changes;
    return { name: `${this.name}_${generation}`, text: this.text };
  }
}

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
 *   the rest without a look at the table; the newest change is looked up only where it holds something. The probe is
 *   no `exists`, which PostgreSQL would answer by hashing all deletes there are. A refusal is a failing cast, the only
 *   error that SQL can raise by itself.
 */
function writeSql({ revision, change }: TableNames): string {
  const newest = `from ${change} newest where newest.entity_type = c.t and newest.entity_id = c.i order by newest.id desc limit 1`;
  return `with incoming as materialized (
  select c.*, $3::text <> 'write' and c.o <> 'create' and case when (
    select true from ${change} d
    where d.operation = 'delete' and d.entity_type = c.t and d.entity_id = c.i limit 1
  ) then (select newest.operation = 'delete' ${newest}) else false end as doubtful
  from rows from (json_to_recordset($1::json) as
      (t text, i text, rt text, ri text, o text, b jsonb, a jsonb, l jsonb)) with ordinality
    as c(t, i, rt, ri, o, b, a, l, n)
), accepted as materialized (
  select * from incoming where not doubtful or $3 = 'refuse'
), revision as (
  insert into ${revision} (${HEADER_COLUMNS})
  select ${headerValues(4)}
  where exists (select from accepted)
    and ($2::bigint is null or not exists (select from ${revision} where id = $2::bigint))
  returning id
), written as (
  insert into ${change} (revision_id, entity_type, entity_id, root_type, root_id, operation, before, after, labels)
  select
    case when doubtful then ('refused: the trail says that ' || t || ' ' || i || ' is deleted')::bigint
    else coalesce((select id from revision), $2::bigint) end,
    t, i, rt, ri, o, b, a, l
  from accepted order by n
)
select id::text as revision_id, null::bigint as n, null::jsonb as deleted_state from revision
union all
select null, c.n, (select newest.before ${newest}) from incoming c where c.doubtful and $3 = 'return'`;
}
