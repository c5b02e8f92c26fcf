import { actorConditions, looksAtRevisions, timeConditions } from './change-conditions.js';
import type { ChangeFilter, ChangeSearch } from './change-filter.js';
import { BRIEF_COLUMNS } from './revision-header.js';
import { metadataConditions, type RootFilter } from './scope-filter.js';
import type { HeaderKey, SearchPlan } from './search-plan.js';
import type { SqlParameters } from './sql-parameters.js';
import type { DetailsOption } from './stored-change.js';
import type { TableNames } from './table-names.js';

/** Microseconds since 1970, exactly. */
export const RECORDED_MICROSECONDS = '(extract(epoch from r.recorded_at) * 1000000)::bigint::text';

/** The time of a number of microseconds since 1970, exactly. */
export function instantSql(microseconds: string | undefined, parameters: SqlParameters): string {
  return `(timestamptz 'epoch' + ${parameters.add(microseconds, 'bigint')} * interval '1 microsecond')`;
}

/** Of a bigint. */
export const GREATEST_ID = '9223372036854775807';

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
  /** Rows to look at. */
  readonly window: number;
}

/** Changes with their revisions. */
export function changeRows(request: RowRequest, tables: TableNames, parameters: SqlParameters): SearchRows {
  switch (request.plan.looksAt) {
    case 'changes':
      return changesById(request, tables, parameters);
    case 'changesByTime':
      return changesByTime(request, request.plan.ofActor, tables, parameters);
    case 'revisions':
      return changesOfRevisions(request, tables, parameters);
  }
}

/** Joins changes (alias `c`) to their revisions (alias `r`), or to what they have of them themselves. */
export function revisionJoin(isWhole: boolean, { revision }: TableNames): string {
  return isWhole
    ? `join ${revision} r on r.id = c.revision_id`
    : `cross join lateral (select c.revision_id as id, ${BRIEF_COLUMNS.map((column) => `c.${column}`).join(', ')}) r`;
}

/** Revisions alone. */
export function revisionRows(request: RowRequest, tables: TableNames, parameters: SqlParameters): SearchRows {
  const { after, newestFirst } = request;
  const beyond = after ? [revisionBeyond(after, newestFirst ? '<' : '>', parameters)] : [];
  return {
    from: `(${revisionScan(request, beyond, tables, parameters)}) r`,
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
  const beyond = after ? [`c.id ${newestFirst ? '<' : '>'} ${parameters.add(after[0], 'bigint')}`] : [];
  const { places, mayRepeat } = placesOf(filter, parameters);
  const scans = places.map(
    ({ each, conditions }) => `(select scan.* from ${each} cross join lateral (
  select c.* from ${tables.change} c where ${[...conditions, ...beyond].join(' and ') || 'true'}
  order by c.id ${direction} limit ${limit}
) scan)`,
  );
  return {
    from: `(select ${mayRepeat ? 'distinct on (c.id) ' : ''}c.* from (${scans.join('\nunion all\n')}) c
  order by c.id ${direction} limit ${limit}) c
${revisionJoin(details || looksAtRevisions(filter), tables)}`,
    order: ['c.id'],
    position: ['c.id::text'],
  };
}

function changesByTime(
  { filter, newestFirst, after, window, details }: RowRequest,
  ofActor: boolean,
  tables: TableNames,
  parameters: SqlParameters,
): SearchRows {
  const [direction, beyond] = newestFirst ? ['desc', '<'] : ['asc', '>'];
  const position = after && `(${instantSql(after[0], parameters)}, ${parameters.add(after[1], 'bigint')})`;
  const conditions = [
    ...(ofActor ? actorConditions(filter.actor, parameters, 'c') : []),
    ...timeConditions(filter, parameters, 'c'),
    ...(position ? [`(c.recorded_at, c.id) ${beyond} ${position}`] : []),
  ];
  return {
    from: `(select c.* from ${tables.change} c where ${conditions.join(' and ') || 'true'}
  order by c.recorded_at ${direction}, c.id ${direction} limit ${parameters.add(window, 'int')}) c
${revisionJoin(details || looksAtRevisions(filter), tables)}`,
    order: ['c.recorded_at', 'c.id'],
    position: [RECORDED_MICROSECONDS, 'c.id::text'],
  };
}

function changesOfRevisions(request: RowRequest, tables: TableNames, parameters: SqlParameters): SearchRows {
  const { newestFirst, after, window } = request;
  const [direction, beyond] = newestFirst ? ['desc', '<'] : ['asc', '>'];
  const revisions = after ? [revisionBeyond(after, `${beyond}=`, parameters)] : [];
  const changes = after ? [`and ${changeBeyond(after, beyond, parameters)}`] : [];
  // A revision without changes is looked at once, and stands behind all that it could have.
  const changeId = `coalesce(c.id, ${newestFirst ? 0 : GREATEST_ID})`;
  return {
    from: `(${revisionScan(request, revisions, tables, parameters)}) r
left join lateral (
  select c.* from ${tables.change} c where c.revision_id = r.id ${changes.join(' ')}
  order by c.id ${direction} limit ${parameters.add(window, 'int')}
) c on true`,
    order: ['r.recorded_at', 'r.id', changeId],
    position: [RECORDED_MICROSECONDS, 'r.id::text', `${changeId}::text`],
  };
}

function revisionScan(
  { filter, newestFirst, plan, window }: RowRequest,
  beyond: readonly string[],
  tables: TableNames,
  parameters: SqlParameters,
): string {
  const direction = newestFirst ? 'desc' : 'asc';
  const conditions = [
    ...headerConditions(plan.looksAt === 'revisions' ? plan.header : null, filter, parameters),
    ...timeConditions(filter, parameters),
    ...beyond,
  ];
  return `select r.* from ${tables.revision} r where ${conditions.join(' and ') || 'true'}
  order by r.recorded_at ${direction}, r.id ${direction} limit ${parameters.add(window, 'int')}`;
}

/** Only what one index serves: more would be tested row by row, without a bound. */
function headerConditions(
  header: HeaderKey | null,
  { correlationId, restoredRevisionId, actor, action, outcome, scope }: ChangeFilter,
  parameters: SqlParameters,
): readonly string[] {
  switch (header) {
    case 'correlationId':
      return [`r.correlation_id = ${parameters.add(correlationId, 'text')}`];
    case 'restoredRevisionId':
      return [`r.restored_revision_id = ${parameters.add(restoredRevisionId, 'bigint')}`];
    case 'actor':
      return actorConditions(actor, parameters, 'r');
    case 'action':
      return [`r.action = ${parameters.add(action, 'text')}`];
    case 'outcome':
      return [`r.outcome = ${parameters.add(outcome, 'text')} and r.outcome <> 'success'`];
    default:
      return scope?.metadata ? metadataConditions(scope.metadata, parameters) : [];
  }
}

function revisionBeyond(
  [time, revision]: readonly string[],
  operator: string,
  parameters: SqlParameters,
): string {
  return `(r.recorded_at, r.id) ${operator} (${instantSql(time, parameters)}, ${parameters.add(revision, 'bigint')})`;
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

/** One row, for one scan. */
const EVERYTHING = '(select) everything';

/** Where changes (alias `c`) are looked for: one index scan for each row of `each`. */
interface Place {
  readonly each: string;
  readonly conditions: readonly string[];
}

function placesOf(
  { revisionId, entityTypes, entityIds, root, scope }: ChangeFilter,
  parameters: SqlParameters,
): { readonly places: readonly Place[]; readonly mayRepeat: boolean } {
  if (revisionId !== null) {
    const conditions = [`c.revision_id = ${parameters.add(revisionId, 'bigint')}`];
    return { places: [{ each: EVERYTHING, conditions }], mayRepeat: false };
  }
  const roots = root ? [root] : entityTypes ? null : (scope?.roots ?? null);
  if (roots) {
    return { places: rootPlaces(roots, parameters), mayRepeat: roots.length > 1 };
  }
  const types = entityTypes && parameters.add(entityTypes, 'text[]');
  if (types && entityIds) {
    const each = `unnest(${types}) given(type) cross join unnest(${parameters.add(entityIds, 'text[]')}) wanted(id)`;
    const conditions = ['c.entity_type = given.type', 'c.entity_id = wanted.id'];
    return { places: [{ each, conditions }], mayRepeat: false };
  }
  const place = types
    ? { each: `unnest(${types}) given(type)`, conditions: ['c.entity_type = given.type'] }
    : { each: EVERYTHING, conditions: [] };
  return { places: [place], mayRepeat: false };
}

/** The roots themselves, their parts, and the parts that left them. */
function rootPlaces(roots: readonly RootFilter[], parameters: SqlParameters): readonly Place[] {
  const pairs = roots.flatMap(({ types, id }) => types.map((type) => ({ type, id })));
  const types = parameters.add(
    pairs.map(({ type }) => type),
    'text[]',
  );
  const ids = parameters.add(
    pairs.map(({ id }) => id),
    'text[]',
  );
  const each = `unnest(${types}, ${ids}) root(type, id)`;
  const itself = 'c.entity_type = root.type and c.entity_id = root.id';
  const ofRoot = `c.root_type = root.type and not (${itself})`;
  return [
    { each, conditions: [itself] },
    { each, conditions: [ofRoot, 'c.root_id = root.id'] },
    { each, conditions: [ofRoot, 'c.left_root_id = root.id'] },
  ];
}
