import type { ChangeFilter, PrincipalFilter } from './change-filter.js';
import type { SqlParameters } from './sql-parameters.js';
import { pathCondition, valueCondition } from './value-condition.js';

/** Conditions on the change itself (alias `c`), but for those that say where to look: types, ids and root. */
export function changeConditions(filter: ChangeFilter, parameters: SqlParameters): readonly string[] {
  const conditions: string[] = [];
  if (filter.operations) {
    conditions.push(`c.operation = any(${parameters.add(filter.operations, 'text[]')})`);
  }
  if (filter.paths) {
    conditions.push(`(${filter.paths.map((path) => pathCondition(path, parameters)).join(' or ')})`);
  }
  for (const value of filter.values ?? []) {
    conditions.push(valueCondition(value, parameters));
  }
  return conditions;
}

/** Conditions on the revision (alias `r`), but for the time. */
export function revisionConditions(filter: ChangeFilter, parameters: SqlParameters): readonly string[] {
  const conditions: string[] = [];
  const equal = (sql: string, value: string | null | undefined) => {
    if (value !== null && value !== undefined) {
      conditions.push(`${sql} = ${parameters.add(value, 'text')}`);
    }
  };
  equal('r.actor_type', filter.actor?.type);
  equal('r.actor_id', filter.actor?.id);
  const onBehalfOf: PrincipalFilter | null = filter.onBehalfOf;
  equal(`r.on_behalf_of ->> 'type'`, onBehalfOf?.type);
  equal(`r.on_behalf_of ->> 'id'`, onBehalfOf?.id);
  equal('r.action', filter.action);
  equal('r.correlation_id', filter.correlationId);
  return conditions;
}

/** Conditions on the time of record. */
export function timeConditions(
  { from, until }: Pick<ChangeFilter, 'from' | 'until'>,
  parameters: SqlParameters,
): readonly string[] {
  return [
    ...(from ? [`r.recorded_at >= ${parameters.add(from.toISOString(), 'timestamptz')}`] : []),
    ...(until ? [`r.recorded_at < ${parameters.add(until.toISOString(), 'timestamptz')}`] : []),
  ];
}

/** The condition that a text is in a label or a value; masks say nothing that could be found. */
export function textCondition(text: string, parameters: SqlParameters): string {
  const pattern = parameters.add(`%${text.replaceAll(/[\\%_]/g, '\\$&')}%`, 'text');
  const inValues = (side: 'before' | 'after') => `exists (
    select from jsonb_each(c.${side}) field, jsonb_path_query(field.value, 'strict $.**') found
    where not field.value ? '$mask' and jsonb_typeof(found) in ('string', 'number') and found #>> '{}' ilike ${pattern})`;
  const inLabels = `exists (
    select from jsonb_path_query(c.labels, '$.**') label where jsonb_typeof(label) = 'string' and label #>> '{}' ilike ${pattern})`;
  return `(r.actor_label ilike ${pattern} or ${inLabels} or ${inValues('before')} or ${inValues('after')})`;
}
