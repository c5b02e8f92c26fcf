import type { SqlParameters } from '../sql/sql-parameters.js';
import { changesOfRevision, isPart, type RowPart, revisionJoin } from '../tables/revision-rows.js';
import type { DetailsOption } from '../tables/stored-change.js';
import type { TableNames } from '../tables/table-names.js';
import { looksAtRevisions } from './change-conditions.js';
import type { ChangeSearch } from './change-filter.js';
import { placesOf } from './change-places.js';
import { headerScan } from './header-scan.js';
import { type IndexRange, indexRange } from './index-range.js';
import type { SearchPlan } from './search-plan.js';

/** Microseconds since 1970, exactly. */
export const RECORDED_MICROSECONDS = '(extract(epoch from r.recorded_at) * 1000000)::bigint::text';

/** The time of a number of microseconds since 1970, exactly. */
export function instantSql(microseconds: string | undefined, parameters: SqlParameters): string {
  return `(timestamptz 'epoch' + ${parameters.add(microseconds, 'bigint')} * interval '1 microsecond')`;
}

/** Of a bigint. */
export const GREATEST_ID = '9223372036854775807';

const CHANGES: readonly RowPart[] = ['first', 'further'];
const ALL: readonly RowPart[] = ['first', 'further', 'action'];

/** The next rows of a search, in its order: what stands after `from`, and by what the rows are ordered. */
export interface SearchRows {
  /** With the aliases `c` of the change, all null where a revision has none, and `r` of the revision. */
  readonly from: string;
  /** Of the position, from the first. */
  readonly order: readonly string[];
  /** The same as texts. */
  readonly position: readonly string[];
}

export interface RowRequest extends Pick<ChangeSearch, 'filter' | 'newestFirst' | 'after'>, DetailsOption {
  readonly plan: SearchPlan;
  /**
   * Whether revisions without changes are wanted too, all of whose `c` is null or has no type.
   * @default false
   */
  readonly withActions?: boolean;
  /** Rows to look at. */
  readonly window: number;
}

/** Changes with their revisions. */
export function changeRows(request: RowRequest, tables: TableNames, parameters: SqlParameters): SearchRows {
  switch (request.plan.looksAt) {
    case 'changes':
      return changesById(request, tables, parameters);
    case 'changesByTime':
      return changesByTime({ ...request, ofActor: request.plan.ofActor }, tables, parameters);
    case 'revisions':
      return changesOfRevisions(request, tables, parameters);
  }
}

/** Revisions alone. */
export function revisionRows(request: RowRequest, tables: TableNames, parameters: SqlParameters): SearchRows {
  return {
    from: `(${revisionScan(request, tables, parameters)}) r`,
    order: ['r.recorded_at', 'r.id'],
    position: [RECORDED_MICROSECONDS, 'r.id::text'],
  };
}

function changesById(
  { filter, newestFirst, after, window, details }: RowRequest,
  tables: TableNames,
  parameters: SqlParameters,
): SearchRows {
  const direction = newestFirst ? 'desc' : 'asc';
  const limit = parameters.add(window, 'int');
  const position = after && [parameters.add(after[0], 'bigint')];
  const { places, mayRepeat } = placesOf(filter, parameters);
  const scans = places.map(({ each, keys, conditions = [] }) => {
    const range = indexRange({
      keys,
      columns: ['c.id'],
      from: null,
      until: null,
      after: position,
      newestFirst,
    });
    return `(select scan.* from ${each} cross join lateral (
  select c.* from ${tables.change} c ${scanOf(range, conditions)} limit ${limit}
) scan)`;
  });
  return {
    from: `(select ${mayRepeat ? 'distinct on (c.id) ' : ''}c.* from (${scans.join('\nunion all\n')}) c
  order by c.id ${direction} limit ${limit}) c
${revisionJoin(tables, { isWhole: details || looksAtRevisions(filter) })}`,
    order: ['c.id'],
    position: ['c.id::text'],
  };
}

function changesByTime(
  request: RowRequest & { readonly ofActor: boolean },
  tables: TableNames,
  parameters: SqlParameters,
): SearchRows {
  const { filter, ofActor, newestFirst, after, window, details, withActions } = request;
  const parts = withActions ? ALL : CHANGES;
  const range = indexRange({
    keys: ofActor ? [['c.actor_id', parameters.add(filter.actor?.id, 'text')]] : [],
    columns: ['c.recorded_at', 'c.id'],
    ...timesOf(request, parameters),
    after: after && [instantSql(after[0], parameters), parameters.add(after[1], 'bigint')],
    newestFirst,
  });
  return {
    from: `(${mergedScan('c', parts, range, [], parameters.add(window, 'int'), tables)}) c
${revisionJoin(tables, { isWhole: details || looksAtRevisions(filter) })}`,
    order: ['c.recorded_at', 'c.id'],
    position: [RECORDED_MICROSECONDS, 'c.id::text'],
  };
}

function changesOfRevisions(request: RowRequest, tables: TableNames, parameters: SqlParameters): SearchRows {
  const { newestFirst, after, window } = request;
  const [direction, beyond] = newestFirst ? ['desc', '<'] : ['asc', '>'];
  const changes = after ? [`where ${changeBeyond(after, beyond, parameters)}`] : [];
  // A revision without changes is looked at once, and stands behind all that it could have.
  const changeId = `coalesce(c.id, ${newestFirst ? 0 : GREATEST_ID})`;
  return {
    from: `(${revisionScan({ ...request, again: true }, tables, parameters)}) r
left join lateral (
  select c.* from ${changesOfRevision(tables)} ${changes.join(' ')}
  order by c.id ${direction} limit ${parameters.add(window, 'int')}
) c on true`,
    order: ['r.recorded_at', 'r.id', changeId],
    position: [RECORDED_MICROSECONDS, 'r.id::text', `${changeId}::text`],
  };
}

interface RevisionRequest extends RowRequest {
  /**
   * Whether the revision in which the page before ended is wanted again, for more of its changes.
   * @default false
   */
  readonly again?: boolean;
}

function revisionScan(request: RevisionRequest, tables: TableNames, parameters: SqlParameters): string {
  const { filter, newestFirst, plan, window, after, again = false } = request;
  const { parts, keys, conditions } = headerScan(
    plan.looksAt === 'revisions' ? plan.header : null,
    filter,
    parameters,
  );
  const range = indexRange({
    keys,
    columns: ['r.recorded_at', 'r.id'],
    ...timesOf(request, parameters),
    after: after && [instantSql(after[0], parameters), parameters.add(after[1], 'bigint')],
    again,
    newestFirst,
  });
  const limit = parameters.add(window, 'int');
  return parts
    ? mergedScan('r', parts, range, conditions, limit, tables)
    : `select r.* from ${tables.change} r ${scanOf(range, conditions)} limit ${limit}`;
}

/** Rows of two parts, of which each has an index in this order: PostgreSQL merges them as it reads. */
function mergedScan(
  alias: string,
  parts: readonly RowPart[],
  range: IndexRange,
  others: readonly string[],
  limit: string,
  tables: TableNames,
): string {
  // Without an order and a limit of its own, PostgreSQL would read and sort the whole of each part.
  const scans = parts.map(
    (part) => `(select ${alias}.* from ${tables.change} ${alias}
  ${scanOf(range, [isPart(part, alias), ...others])} limit ${limit})`,
  );
  return `select ${alias}.* from (${scans.join('\nunion all\n')}) ${alias} order by ${range.order} limit ${limit}`;
}

function scanOf({ conditions, order }: IndexRange, others: readonly string[]): string {
  return `where ${[...conditions, ...others].join(' and ') || 'true'} order by ${order}`;
}

/** A page that goes on needs no bound on the side of its cursor. */
function timesOf({ filter: { from, until }, after, newestFirst }: RowRequest, parameters: SqlParameters) {
  const bound = (time: Date | null) => time && [parameters.add(time.toISOString(), 'timestamptz')];
  return {
    from: after && !newestFirst ? null : bound(from),
    until: after && newestFirst ? null : bound(until),
  };
}

function changeBeyond(
  [time, revision, change]: readonly string[],
  operator: string,
  parameters: SqlParameters,
): string {
  const position = [
    instantSql(time, parameters),
    parameters.add(revision, 'bigint'),
    parameters.add(change, 'bigint'),
  ];
  return `(r.recorded_at, r.id, c.id) ${operator} (${position.join(', ')})`;
}
