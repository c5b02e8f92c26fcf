import type { SqlParameters } from '../sql/sql-parameters.js';
import { changesOfRevision, REVISION_ID } from '../tables/revision-rows.js';
import type { TableNames } from '../tables/table-names.js';
import type { ChangeFilter, UnsearchedText } from './change-filter.js';
import {
  looksAtChanges,
  looksAtMetadata,
  nameCondition,
  partOfCondition,
  scopeCondition,
} from './scope-filter.js';
import { pathCondition, valueCondition } from './value-condition.js';

/** Everything that a change (alias `c`) of a revision (alias `r`) must have. */
export function changeConditions(filter: ChangeFilter, parameters: SqlParameters): readonly string[] {
  const {
    entityTypes,
    entityNames,
    entityIds,
    partOf: whole,
    operations,
    paths,
    values,
    revisionId,
    changeIds,
    text,
    scope,
  } = filter;
  return [
    ...(changeIds ? [`c.id = any(${parameters.add(changeIds, 'bigint[]')})`] : []),
    ...(revisionId === null ? [] : [`${REVISION_ID} = ${parameters.add(revisionId, 'bigint')}`]),
    ...(entityTypes ? [`c.entity_type = any(${parameters.add(entityTypes, 'text[]')})`] : []),
    ...(entityNames ? [nameCondition(entityNames, parameters)] : []),
    ...(entityIds ? [`c.entity_id = any(${parameters.add(entityIds, 'text[]')})`] : []),
    ...(whole ? [partOfCondition(whole, parameters)] : []),
    ...(operations ? [`c.operation = any(${parameters.add(operations, 'text[]')})`] : []),
    ...(paths ? [`(${paths.map((path) => pathCondition(path, parameters)).join(' or ')})`] : []),
    ...(values ?? []).map((value) => valueCondition(value, parameters)),
    ...revisionConditions(filter, parameters),
    ...(text === null ? [] : [textCondition(text, filter.unsearched ?? [], parameters)]),
    ...(scope ? [scopeCondition(scope, parameters)] : []),
  ];
}

/** Conditions on a revision (alias `r`) by itself. */
function revisionConditions(filter: ChangeFilter, parameters: SqlParameters): readonly string[] {
  const { actor, onBehalfOf, exceptActions, restoredRevisionId } = filter;
  const equal = (sql: string, value: string | null | undefined) =>
    value === null || value === undefined ? [] : [`${sql} = ${parameters.add(value, 'text')}`];
  return [
    ...equal('r.actor_type', actor?.type),
    ...equal('r.actor_id', actor?.id),
    ...equal(`r.on_behalf_of ->> 'type'`, onBehalfOf?.type),
    ...equal(`r.on_behalf_of ->> 'id'`, onBehalfOf?.id),
    ...equal('r.action', filter.action),
    ...(exceptActions
      ? [`(r.action is null or r.action <> all(${parameters.add(exceptActions, 'text[]')}))`]
      : []),
    ...equal('r.correlation_id', filter.correlationId),
    ...equal('r.outcome', filter.outcome),
    // The partial index of failures.
    ...(filter.outcome !== null && filter.outcome !== 'success' ? [`r.outcome <> 'success'`] : []),
    ...(restoredRevisionId === null
      ? []
      : [`r.restored_revision_id = ${parameters.add(restoredRevisionId, 'bigint')}`]),
    ...timeConditions(filter, parameters),
  ];
}

/** Members of a filter that say something of changes; of the scope it depends. */
const OF_CHANGES = [
  'entityTypes',
  'entityNames',
  'entityIds',
  'partOf',
  'operations',
  'paths',
  'values',
  'revisionId',
  'changeIds',
  'text',
] as const satisfies readonly (keyof ChangeFilter)[];

/** Whether a filter says something of changes, and so finds no revision that has none. */
export function saysOfChanges(filter: ChangeFilter): boolean {
  const { scope } = filter;
  return OF_CHANGES.some((name) => filter[name] !== null) || (scope !== null && looksAtChanges(scope));
}

/** Whether a filter says something of revisions beyond who, when and why, which changes have themselves. */
export function looksAtRevisions({ correlationId, outcome, scope }: ChangeFilter): boolean {
  return correlationId !== null || outcome !== null || (scope !== null && looksAtMetadata(scope));
}

/** The condition that the filter finds a revision, of which all columns are at hand (alias `r`). */
export function revisionMatches(filter: ChangeFilter, tables: TableNames, parameters: SqlParameters): string {
  if (saysOfChanges(filter)) {
    const ofChange = changeConditions(filter, parameters).join(' and ') || 'true';
    return `exists (select from ${changesOfRevision(tables)} where ${ofChange})`;
  }
  const ofRevision = [
    ...revisionConditions(filter, parameters),
    ...(filter.scope ? [scopeCondition(filter.scope, parameters)] : []),
  ];
  return ofRevision.length > 0 ? `coalesce(${ofRevision.join(' and ')}, false)` : 'true';
}

/** The select item `counts`: the changes that may be seen of a revision, of which all columns are at hand (alias `r`), by entity type. */
export function countsSql(
  { scope }: Pick<ChangeFilter, 'scope'>,
  tables: TableNames,
  parameters: SqlParameters,
): string {
  return `(
  select coalesce(json_object_agg(entity_type, n), '{}') from (
    select c.entity_type, count(*)::int as n from ${changesOfRevision(tables)}
    where ${scope ? scopeCondition(scope, parameters) : 'true'} group by c.entity_type
  ) by_type) as counts`;
}

/** Conditions on the time of record. */
function timeConditions(
  { from, until }: Pick<ChangeFilter, 'from' | 'until'>,
  parameters: SqlParameters,
): readonly string[] {
  return [
    ...(from ? [`r.recorded_at >= ${parameters.add(from.toISOString(), 'timestamptz')}`] : []),
    ...(until ? [`r.recorded_at < ${parameters.add(until.toISOString(), 'timestamptz')}`] : []),
  ];
}

/** The condition that a text is in a label or a value; masks say nothing that could be found. */
function textCondition(
  text: string,
  unsearched: readonly UnsearchedText[],
  parameters: SqlParameters,
): string {
  const pattern = parameters.add(`%${text.replaceAll(/[\\%_]/g, '\\$&')}%`, 'text');
  const outside = (conditions: readonly string[]) => conditions.map((one) => ` and not (${one})`).join('');
  const ofTypes = ({ names }: UnsearchedText) => nameCondition(names, parameters);
  const values = outside(
    unsearched.map((each) =>
      each.keys
        ? `${ofTypes(each)} and field.key = any(${parameters.add(each.keys, 'text[]')})`
        : ofTypes(each),
    ),
  );
  const labels = outside(unsearched.filter((each) => each.labels).map(ofTypes));
  const inValues = (side: 'before' | 'after') => `exists (
    select from jsonb_each(c.${side}) field, jsonb_path_query(field.value, 'strict $.**') found
    where not field.value ? '$mask' and jsonb_typeof(found) in ('string', 'number') and found #>> '{}' ilike ${pattern}${values})`;
  const inLabels = `exists (
    select from jsonb_path_query(c.labels, '$.**') label
    where jsonb_typeof(label) = 'string' and label #>> '{}' ilike ${pattern}${labels})`;
  return `(r.actor_label ilike ${pattern} or r.on_behalf_of ->> 'label' ilike ${pattern} or ${inLabels} or ${inValues('before')} or ${inValues('after')})`;
}
