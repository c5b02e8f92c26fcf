import { BRIEF_COLUMNS, FIRST_ROW_COLUMNS } from '../tables/revision-header.js';

/** The time that a clock may be set back while a statement runs. */
const CLOCK_STEP = "interval '5 seconds'";

/** Of the first row alone; the id of its transaction is a default, which further rows have as well. */
const HEADER_ONLY = FIRST_ROW_COLUMNS.filter((column) => column !== 'transaction_id');

/** A function and trigger that look at all rows of a statement at once: a row by itself would cost many times as much. */
function guardSql(schema: string, table: string, comment: string, isWrong: string): string {
  const guard = `${table}_guard`;
  return `-- ${comment}
create or replace function ${schema}."${guard}"() returns trigger language plpgsql
set search_path = pg_catalog, pg_temp as $guard$
begin
  if exists (
    select from added a left join ${schema}."audit_change" r on r.id = a.revision_id
    where ${isWrong}
  ) then
    raise exception 'audit trail: this row is none of what happens now in this transaction'
      using errcode = 'insufficient_privilege';
  end if;
  return null;
end
$guard$;
create or replace trigger "${guard}" after insert on ${schema}."${table}"
  referencing new table as added for each statement execute function ${schema}."${guard}"();`;
}

/** Whether the revision (alias `r`) is none that this transaction has written. */
const IS_FOREIGN = `r.id is null or r.revision_id is not null
        or r.transaction_id <> pg_current_xact_id() or age(r.xmin) > 0`;

export function changeGuardSql(schema: string): string {
  const brief = (alias: string) => BRIEF_COLUMNS.map((column) => `${alias}.${column}`).join(', ');
  return guardSql(
    schema,
    'audit_change',
    'A revision is of now and of this transaction; its further changes say who, when and why as it does.',
    `a.transaction_id is distinct from pg_current_xact_id() or case
      when a.revision_id is null then
        a.recorded_at < statement_timestamp() - ${CLOCK_STEP} or a.recorded_at > clock_timestamp() + ${CLOCK_STEP}
      else ${IS_FOREIGN} or r.entity_type is null or a.entity_type is null
        or num_nonnulls(${HEADER_ONLY.map((column) => `a.${column}`).join(', ')}) > 0
        or (${brief('a')})
          is distinct from (${brief('r')})
    end`,
  );
}

export function readGuardSql(schema: string): string {
  return guardSql(
    schema,
    'audit_read',
    'Reads are of a revision without changes that this transaction has written.',
    `${IS_FOREIGN} or r.entity_type is not null`,
  );
}
