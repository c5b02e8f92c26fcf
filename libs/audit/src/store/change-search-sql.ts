import { changeConditions, revisionConditions, textCondition, timeConditions } from './change-conditions.js';
import type { ChangeFilter, ChangeSearch } from './change-filter.js';
import type { TimeSlice } from './search-plan.js';
import { SqlParameters } from './sql-parameters.js';
import { CHANGE_COLUMNS, REVISION_COLUMNS } from './stored-row.js';
import type { TableNames } from './table-names.js';

/** A statement with its bound values. */
export interface BoundStatement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** Microseconds since 1970, exactly. */
export const RECORDED_MICROSECONDS = '(extract(epoch from r.recorded_at) * 1000000)::bigint::text';

/** The time of a number of microseconds since 1970, exactly. */
export function instantSql(microseconds: bigint | string, parameters: SqlParameters): string {
  return `(timestamptz 'epoch' + ${parameters.add(`${microseconds}`, 'bigint')} * interval '1 microsecond')`;
}

/** Where changes (alias `c`) are looked for: one condition per index scan. */
interface Place {
  /** Further sources, each row of which is a scan. */
  readonly each: string;
  readonly condition: string;
}

/** Changes of entities, of what is part of them, or of types, in the order of the ids of the changes. */
export function changesByPlace(search: ChangeSearch, tables: TableNames): BoundStatement {
  const parameters = new SqlParameters();
  const { filter, newestFirst, after } = search;
  const direction = newestFirst ? 'desc' : 'asc';
  const limit = parameters.add(search.limit, 'int');
  const conditions = [
    ...commonConditions(filter, parameters),
    ...timeConditions(filter, parameters),
    ...(after ? [`c.id ${newestFirst ? '<' : '>'} ${parameters.add(after[0], 'bigint')}`] : []),
  ];
  const scans = placesOf(filter, parameters).map(
    ({ each, condition }) => `(select scan.* from ${each} cross join lateral (
  select ${CHANGE_COLUMNS}, ${REVISION_COLUMNS}, c.id as position
  from ${tables.change} c join ${tables.revision} r on r.id = c.revision_id
  where ${[condition, ...conditions].join(' and ')}
  order by c.id ${direction} limit ${limit}
) scan)`,
  );
  const sql = `select page.*, page.position::text as position1 from (${scans.join('\nunion all\n')}) page
order by page.position ${direction} limit ${limit}`;
  return { sql, parameters: parameters.values };
}

/** Changes of revisions that their header decides about, in the order of the ids of the revisions. */
export function changesByRevision(search: ChangeSearch, tables: TableNames): BoundStatement {
  const parameters = new SqlParameters();
  const { filter, newestFirst, after } = search;
  const [direction, beyond] = newestFirst ? ['desc', '<'] : ['asc', '>'];
  const conditions = [
    ...typeConditions(filter, parameters),
    ...commonConditions(filter, parameters),
    ...timeConditions(filter, parameters),
  ];
  if (after) {
    const [revision, change] = after.map((id) => parameters.add(id, 'bigint'));
    conditions.push(`r.id ${beyond}= ${revision}`, `(r.id, c.id) ${beyond} (${revision}, ${change})`);
  }
  const sql = `select ${CHANGE_COLUMNS}, ${REVISION_COLUMNS}, r.id::text as position1, c.id::text as position2
from ${tables.revision} r join ${tables.change} c on c.revision_id = r.id
where ${conditions.join(' and ')}
order by r.id ${direction}, c.id ${direction} limit ${parameters.add(search.limit, 'int')}`;
  return { sql, parameters: parameters.values };
}

/** Changes that were recorded in a slice of time, in its order. */
export function changesByTime(search: ChangeSearch, slice: TimeSlice, tables: TableNames): BoundStatement {
  const parameters = new SqlParameters();
  const { filter, newestFirst, after } = search;
  const [direction, beyond] = newestFirst ? ['desc', '<'] : ['asc', '>'];
  const conditions = [...typeConditions(filter, parameters), ...commonConditions(filter, parameters)];
  if (after) {
    const [time = '0', revision, change] = after;
    const position = [
      instantSql(time, parameters),
      parameters.add(revision, 'bigint'),
      parameters.add(change, 'bigint'),
    ];
    conditions.push(`(r.recorded_at, r.id, c.id) ${beyond} (${position.join(', ')})`);
  }
  const order = ['r.recorded_at', 'r.id', 'c.id'].map((column) => `${column} ${direction}`).join(', ');
  // Materialized, because a plan by the order of ids would read until it meets the slice.
  const sql = `with recorded as materialized (
  select r.* from ${tables.revision} r where ${sliceConditions(slice, parameters).join(' and ') || 'true'}
)
select ${CHANGE_COLUMNS}, ${REVISION_COLUMNS}, ${RECORDED_MICROSECONDS} as position1, r.id::text as position2,
  c.id::text as position3
from recorded r join ${tables.change} c on c.revision_id = r.id
where ${conditions.join(' and ') || 'true'}
order by ${order} limit ${parameters.add(search.limit, 'int')}`;
  return { sql, parameters: parameters.values };
}

/** A slice as conditions on the revision. */
export function sliceConditions({ from, until }: TimeSlice, parameters: SqlParameters): readonly string[] {
  return [
    ...(from === null ? [] : [`r.recorded_at >= ${instantSql(from, parameters)}`]),
    ...(until === null ? [] : [`r.recorded_at < ${instantSql(until, parameters)}`]),
  ];
}

/** Everything but where to look, and when. */
export function commonConditions(filter: ChangeFilter, parameters: SqlParameters): readonly string[] {
  return [
    ...changeConditions(filter, parameters),
    ...revisionConditions(filter, parameters),
    ...(filter.text === null ? [] : [textCondition(filter.text, parameters)]),
  ];
}

export function typeConditions({ entityTypes }: ChangeFilter, parameters: SqlParameters): readonly string[] {
  return entityTypes ? [`c.entity_type = any(${parameters.add(entityTypes, 'text[]')})`] : [];
}

function placesOf(filter: ChangeFilter, parameters: SqlParameters): readonly Place[] {
  const { entityTypes, entityIds, root } = filter;
  const types = entityTypes && parameters.add(entityTypes, 'text[]');
  const ids = entityIds && parameters.add(entityIds, 'text[]');
  const isOne = [
    ...(types ? [`c.entity_type = any(${types})`] : []),
    ...(ids ? [`c.entity_id = any(${ids})`] : []),
  ];
  if (root) {
    const each = `unnest(${parameters.add(root.types, 'text[]')}) root(type)`;
    const id = parameters.add(root.id, 'text');
    const itself = `c.entity_type = root.type and c.entity_id = ${id}`;
    return [
      { each, condition: [itself, ...isOne].join(' and ') },
      {
        each,
        condition: [`c.root_type = root.type and c.root_id = ${id} and not (${itself})`, ...isOne].join(
          ' and ',
        ),
      },
    ];
  }
  if (types && ids) {
    const each = `unnest(${types}) given(type) cross join unnest(${ids}) wanted(id)`;
    return [{ each, condition: 'c.entity_type = given.type and c.entity_id = wanted.id' }];
  }
  return [
    types
      ? { each: `unnest(${types}) given(type)`, condition: 'c.entity_type = given.type' }
      : { each: '(select) everything', condition: 'true' },
  ];
}
