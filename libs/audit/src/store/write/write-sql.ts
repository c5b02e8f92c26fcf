import { BRIEF_COLUMNS, HEADER_COLUMNS, HEADER_SIZE, headerValues } from '../tables/revision-header.js';
import type { TableNames } from '../tables/table-names.js';

/**
 * What a write does about updates and deletes of entities whose newest change is a delete: `none` does not look,
 * `return` then writes nothing and says so, `refuse` fails. `refused` below is a failing cast, the only error that SQL
 * can raise by itself.
 */
export type Probe = 'none' | 'return' | 'refuse';

const BRIEF = BRIEF_COLUMNS.join(', ');

const CHANGE_COLUMNS = `revision_id, ${BRIEF},
  entity_type, entity_id, root_type, root_id, operation, before, after, labels, left_root_id, renamed_to, targets`;

/** What a change has of its revision. */
const OF_REVISION = `id, ${BRIEF}`;

/** Places of a change's parameters, in the order of the columns. */
const COLUMNS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

/** Parameters of the header come first; `$1` is the first of them. */
const after = (position: number): string => `$${HEADER_SIZE + position}`;

/**
 * A new revision with one change, the most frequent write of all: no function, no sort, nothing that has to be set up.
 * Parameters: the header, then the eleven of the change. Answers with the revision's id, or with no row when in doubt.
 */
export function singleWriteSql(tables: TableNames, probe: Probe): string {
  const [type, id, rootType, rootId, operation, before, afterwards, labels, leftRoot, newId, targets] =
    COLUMNS.map(after);
  const isDoubtful = isDoubtfulSql(tables, probe, `${type}::text`, `${id}::text`);
  return `with revision as (
  insert into ${tables.revision} (${HEADER_COLUMNS})
  select ${headerValues(1)}${isDoubtful === null ? '' : ` where not ${isDoubtful}`}
  returning ${OF_REVISION}
)
insert into ${tables.change} (${CHANGE_COLUMNS})
select ${OF_REVISION}, ${type}, ${id}, ${rootType}, ${rootId}, ${operation}, ${before}::jsonb, ${afterwards}::jsonb, ${labels}::jsonb, ${leftRoot}, ${newId}, ${targets}::text[]
from revision
returning revision_id::text`;
}

/**
 * Any number of changes. Parameters: the header, the id of the revision that the transaction already has (null when it
 * has none), and one text per column with a line for each change, see `ChangeChunk`. Answers with one row: the id of
 * the revision if this has written it, and whether nothing was written because of a doubt.
 *
 * - Lines cost PostgreSQL less than JSON, array literals or a parameter per value. They are split in subqueries so that
 *   the plan does not depend on their number; PostgreSQL would otherwise plan each write anew.
 * - The revision row may be gone again when it was written inside a savepoint that was rolled back. So it is looked
 *   for, and the changes have who, when and why as it says, also where a later flush has another context.
 * - Ids come from the sequence in the order of `n`, after the business rows are locked, so the ids of one entity
 *   rise in the order of its changes.
 */
export function manyWriteSql(tables: TableNames, probe: Probe): string {
  const revisionId = `${after(1)}::bigint`;
  const lines = (position: number): string => `(select string_to_array(${after(position + 1)}, E'\\n', ''))`;
  const isDoubtful = isDoubtfulSql(tables, probe, 'c.t', 'c.i');
  const isAnyDoubtful =
    isDoubtful === null
      ? 'false'
      : `exists (select from unnest(${[1, 2, 5].map(lines).join(', ')}) as c(t, i, o) where c.o <> 'create' and ${isDoubtful})`;
  return `with doubt as materialized (
  select ${isAnyDoubtful} as found
), ${revisionsSql(tables, revisionId, 'doubt where not found')}, written as (
  insert into ${tables.change} (${CHANGE_COLUMNS})
  select header.*, t, i, rt, ri, o, b::jsonb, a::jsonb, l::jsonb, lr, nt, tg::text[]
  from doubt, header, rows from (unnest(${COLUMNS.map(lines).join(', ')})) with ordinality
    as c(t, i, rt, ri, o, b, a, l, lr, nt, tg, n)
  where not found order by n
)
select (select id::text from revision) as revision_id, found as is_doubtful from doubt`;
}

/**
 * The same with a decision for each change, for the few transactions in which another one has found a doubt, and for
 * ids that have line breaks. Parameters: the header, the id of the revision, the changes as one JSON document, and the
 * policy: `return` leaves doubtful changes out and answers with their places and the states that their deletes have
 * recorded.
 */
export function carefulWriteSql(tables: TableNames): string {
  const { change } = tables;
  const [revisionId, changes, policy] = [`${after(1)}::bigint`, `${after(2)}::json`, `${after(3)}::text`];
  return `with incoming as materialized (
  select c.*, ${policy} <> 'write' and c.o <> 'create' and ${isDeletedSql(tables, 'c.t', 'c.i')} as doubtful
  from rows from (json_to_recordset(${changes}) as
      (t text, i text, rt text, ri text, o text, b jsonb, a jsonb, l jsonb, lr text, nt text, tg text[])) with ordinality
    as c(t, i, rt, ri, o, b, a, l, lr, nt, tg, n)
), accepted as materialized (
  select * from incoming where not doubtful or ${policy} = 'refuse'
), ${revisionsSql(tables, revisionId, '(select) one where exists (select from accepted)')}, written as (
  insert into ${change} (${CHANGE_COLUMNS})
  select case when doubtful then ${refusedSql('t', 'i')} else id end, ${BRIEF}, t, i, rt, ri, o, b, a, l, lr, nt, tg
  from accepted, header order by n
)
select id::text as revision_id, null::bigint as n, null::jsonb as deleted_state from revision
union all
select null, c.n, (select newest.before ${newestSql(tables, 'c.t', 'c.i')})
from incoming c where c.doubtful and ${policy} = 'return'`;
}

/**
 * Two queries: `revision`, the row that is written unless the transaction has one, and `header`, what changes have of that
 * row or of the one that was there.
 * @param source what gives a row when there is something to write
 */
function revisionsSql({ revision }: TableNames, revisionId: string, source: string): string {
  return `known as materialized (
  select ${OF_REVISION} from ${revision} where id = ${revisionId}
), revision as (
  insert into ${revision} (${HEADER_COLUMNS})
  select ${headerValues(1)} from ${source} and not exists (select from known)
  returning ${OF_REVISION}
), header as (
  select * from known union all select * from revision
)`;
}

/** Null where nothing has to be looked up. */
function isDoubtfulSql(tables: TableNames, probe: Probe, type: string, id: string): string | null {
  switch (probe) {
    case 'none':
      return null;
    case 'return':
      return isDeletedSql(tables, type, id);
    case 'refuse':
      // Of the columns of the row: PostgreSQL would work out a cast of bound parameters while it plans.
      return isDeletedSql(
        tables,
        type,
        id,
        `${refusedSql('newest.entity_type', 'newest.entity_id')} is null`,
      );
  }
}

/**
 * Whether the newest change of an entity is a delete, and no other row has got its key since. Few entities were ever deleted, so the partial index of deletes
 * answers for the rest without a look at the table; the newest change is looked up only where it holds something. The
 * first lookup is no `exists`, which PostgreSQL would answer by hashing all deletes there are.
 */
function isDeletedSql(tables: TableNames, type: string, id: string, answer = 'true'): string {
  const isDeleted = `newest.operation = 'delete' and not exists (
    select from ${tables.change} r where r.entity_type = ${type} and r.renamed_to = ${id} and r.id > newest.id
  )`;
  return `case when (
    select true from ${tables.change} d
    where d.operation = 'delete' and d.entity_type = ${type} and d.entity_id = ${id} limit 1
  ) then coalesce((select case when ${isDeleted} then ${answer} end ${newestSql(tables, type, id)}), false) else false end`;
}

function newestSql({ change }: TableNames, type: string, id: string): string {
  return `from ${change} newest where newest.entity_type = ${type} and newest.entity_id = ${id} order by newest.id desc limit 1`;
}

function refusedSql(type: string, id: string): string {
  return `('refused: the trail says that ' || ${type} || ' ' || ${id} || ' is deleted')::bigint`;
}
