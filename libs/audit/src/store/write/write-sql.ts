import { BRIEF_COLUMNS, HEADER_SIZE, headerValue, headerValues } from '../tables/revision-header.js';
import type { TableNames } from '../tables/table-names.js';
import { HAS_TRIGGER_ROWS } from '../tables/written-setting.js';
import { FIRST_COLUMNS, FURTHER_COLUMNS } from './inserted-columns.js';

/**
 * A write treats updates and deletes of entities whose newest change is a delete in three ways: `none` does not look,
 * `return` then writes nothing and says so, `refuse` fails. `refused` below is a failing cast, the only error that SQL
 * can raise by itself.
 */
export type Probe = 'none' | 'return' | 'refuse';

const BRIEF = BRIEF_COLUMNS.join(', ');

/** How the parameters of a change are read, in the order of the columns. */
const TYPES = ['text', 'text', 'text', 'text', 'text', 'jsonb', 'jsonb', 'jsonb', 'text', 'text', 'text[]'];

const OF_REVISION = `id, ${BRIEF}`;

const [ACTOR_TYPE, ACTOR_ID, ON_BEHALF_OF] = (['actor_type', 'actor_id', 'on_behalf_of'] as const).map(
  headerValue,
);

/** Parameters of the header come first; `$1` is the first of them. */
const after = (position: number): string => `$${HEADER_SIZE + position}`;

/** The values of a change, where `sqlOf` gives each by its place, from 1. */
function changeValues(sqlOf: (place: number) => string): string {
  return TYPES.map((type, index) => `${sqlOf(index + 1)}::${type}`).join(', ');
}

/**
 * A new revision with one change, the most frequent write of all: one plain insert. Parameters: the header, then the eleven
 * of the change. It has affected no row when in doubt, or where triggers have begun the revision, and answers with none, because a
 * row costs more than its count.
 */
export function singleWriteSql(tables: TableNames, probe: Probe): string {
  const values = `${headerValues(1)}, ${changeValues(after)}`;
  const isDoubtful = isDoubtfulSql(tables, probe, `${after(1)}::text`, `${after(2)}::text`);
  const isNext = isDoubtful === null ? '' : ` and not ${isDoubtful}`;
  return `insert into ${tables.change} (${FIRST_COLUMNS}) select ${values} where not ${HAS_TRIGGER_ROWS}${isNext}`;
}

/**
 * Any number of changes. Parameters: the header, whether the transaction has written a revision before, and one text per
 * column with a line for each change, see `ChangeChunk`. Answers with one row: whether nothing was written because of a
 * doubt.
 *
 * - Lines cost PostgreSQL less than JSON, array literals or a parameter per value. They are split in subqueries so that
 *   the plan does not depend on their number; PostgreSQL would otherwise plan each write anew.
 * - Ids come from the sequence in the order of `n`, after the business rows are locked, so the ids of one entity
 *   rise in the order of its changes.
 */
export function manyWriteSql(tables: TableNames, probe: Probe): string {
  const { change } = tables;
  const text = (place: number): string => after(place + 1);
  const lines = (place: number): string => `(select string_to_array(${text(place)}, E'\\n', ''))`;
  const firstLine = (place: number): string => `nullif(split_part(${text(place)}, E'\\n', 1), '')`;
  const isDoubtful = isDoubtfulSql(tables, probe, 'c.t', 'c.i');
  const isAnyDoubtful =
    isDoubtful === null
      ? 'false'
      : `exists (select from unnest(${[1, 2, 5].map(lines).join(', ')}) as c(t, i, o) where c.o <> 'create' and ${isDoubtful})`;
  return `with doubt as materialized (
  select ${isAnyDoubtful} as found
), ${knownSql(tables, after(1))}, first as (
  insert into ${change} (${FIRST_COLUMNS})
  select ${headerValues(1)}, ${changeValues(firstLine)}
  from doubt where not found and not exists (select from known)
  returning ${OF_REVISION}
), header as (
  select * from known union all select * from first
), further as (
  insert into ${change} (${FURTHER_COLUMNS})
  select header.*, t, i, rt, ri, o, b::jsonb, a::jsonb, l::jsonb, lr, nt, tg::text[]
  from doubt, header, rows from (unnest(${TYPES.map((_, index) => lines(index + 1)).join(', ')})) with ordinality
    as c(t, i, rt, ri, o, b, a, l, lr, nt, tg, n)
  where not found and (n > 1 or exists (select from known)) order by n
)
select found as is_doubtful from doubt`;
}

/**
 * The same with a decision for each change, for the few transactions in which another one has found a doubt, and for
 * ids that have line breaks. Parameters: the header, whether the transaction has written a revision before, the changes as
 * one JSON document, and the policy: `return` leaves doubtful changes out and answers with their places and the states
 * that their deletes have recorded.
 */
export function carefulWriteSql(tables: TableNames): string {
  const { change } = tables;
  const [changes, policy] = [`${after(2)}::json`, `${after(3)}::text`];
  const values = 't, i, rt, ri, o, b, a, l, lr, nt, tg';
  return `with incoming as materialized (
  select c.*, ${policy} <> 'write' and c.o <> 'create' and ${isDeletedSql(tables, 'c.t', 'c.i')} as doubtful
  from rows from (json_to_recordset(${changes}) as
      (t text, i text, rt text, ri text, o text, b jsonb, a jsonb, l jsonb, lr text, nt text, tg text[])) with ordinality
    as c(${values}, n)
), accepted as materialized (
  select * from incoming
  where case when doubtful then ${policy} = 'refuse' and ${refusedSql('t', 'i')} is null else true end
), ${knownSql(tables, after(1))}, first as (
  insert into ${change} (${FIRST_COLUMNS})
  select ${headerValues(1)}, ${values} from accepted where not exists (select from known) order by n limit 1
  returning ${OF_REVISION}
), header as (
  select * from known union all select * from first
), further as (
  insert into ${change} (${FURTHER_COLUMNS})
  select header.*, ${values} from accepted, header
  where n > (select min(n) from accepted) or exists (select from known) order by n
)
select c.n, (select newest.before ${newestSql(tables, 'c.t', 'c.i')}) as deleted_state
from incoming c where c.doubtful and ${policy} = 'return'`;
}

/**
 * The query `known`: the newest revision that this transaction has, if it is of the actor of the header, or nobody is known to
 * be. It is looked for, because a savepoint that was rolled back may have taken its row, and because further changes have who,
 * when and why as it says, also where a later flush has another context. Another actor gets a revision of its own. A trail
 * that came from another server may have the id of this transaction already: only the rows of this transaction are not older
 * than it.
 */
function knownSql({ change }: TableNames, hasWritten: string): string {
  return `known as materialized (
  select ${OF_REVISION} from (
    select ${OF_REVISION} from ${change}
    where (${hasWritten}::boolean or ${HAS_TRIGGER_ROWS}) and transaction_id = pg_current_xact_id() and revision_id is null and entity_type is not null
      and age(xmin) <= 0
    order by id desc limit 1
  ) newest
  where ${ACTOR_TYPE} = 'unknown' and ${ACTOR_ID} is null
    or (actor_type, actor_id, on_behalf_of ->> 'type', on_behalf_of ->> 'id')
      is not distinct from (${ACTOR_TYPE}, ${ACTOR_ID}, ${ON_BEHALF_OF} ->> 'type', ${ON_BEHALF_OF} ->> 'id')
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
 * Whether the newest change of an entity is a delete, and no other row has got its key since. Few entities were ever
 * deleted, so the partial index of what has ended answers for the rest without a look at the table; the newest change is
 * looked up only where it holds something. The first lookup is no `exists`, which PostgreSQL would answer by hashing all
 * deletes there are.
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
