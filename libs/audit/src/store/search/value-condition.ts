import { isItemPlace } from '../../model/item-place.js';
import type { JsonValue } from '../../model/json.js';
import type { SqlParameters } from '../sql/sql-parameters.js';
import type { ComparableType, Comparison, StoredPath, ValueFilter } from './change-filter.js';

const OPERATORS = { eq: '=', gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

/** The condition that a property is in a change: its key is there, or what is inside it differs. */
export function pathCondition({ keys, inside }: StoredPath, parameters: SqlParameters): string {
  if (inside.length > 0) {
    return anyOf(
      keys,
      (key) =>
        `${valuesSql('before', key, inside, parameters)} is distinct from ${valuesSql('after', key, inside, parameters)}`,
    );
  }
  const all = parameters.add(keys, 'text[]');
  return `(c.before ?| ${all} or c.after ?| ${all})`;
}

/** The condition that a change leads from some values to some others. */
export function valueCondition(filter: ValueFilter, parameters: SqlParameters): string {
  const sides = (['before', 'after'] as const).flatMap((side) =>
    filter[side === 'before' ? 'from' : 'to'].map((comparison) =>
      anyOf(filter.keys, (key) =>
        anyValueSql(side, key, filter.inside, parameters, (value) =>
          comparisonSql(value, comparison, filter.type, parameters),
        ),
      ),
    ),
  );
  return [pathCondition(filter, parameters), ...sides].join(' and ');
}

type Side = 'before' | 'after';

/** A condition on what is at a path. Where the path says no place in a list, any item will do. */
function anyValueSql(
  side: Side,
  key: string,
  inside: readonly string[],
  parameters: SqlParameters,
  condition: (value: string) => string,
): string {
  if (inside.length === 0) {
    return condition(`(c.${side} -> ${parameters.add(key, 'text')})`);
  }
  return inside.some(isItemPlace)
    ? condition(placeSql(side, key, inside, parameters))
    : `exists (select from jsonb_path_query(${itemsOf(side, key, inside, parameters)}) as at(value) where ${condition('at.value')})`;
}

/** Everything that is at a path, to be compared as a whole; null where nothing is. */
function valuesSql(side: Side, key: string, inside: readonly string[], parameters: SqlParameters): string {
  return inside.some(isItemPlace)
    ? placeSql(side, key, inside, parameters)
    : `nullif(jsonb_path_query_array(${itemsOf(side, key, inside, parameters)}), '[]')`;
}

function placeSql(side: Side, key: string, inside: readonly string[], parameters: SqlParameters): string {
  return `(c.${side} #> ${parameters.add([key, ...inside], 'text[]')})`;
}

/** A lax path goes into the items of lists by itself. */
function itemsOf(side: Side, key: string, inside: readonly string[], parameters: SqlParameters): string {
  const path = `lax $${inside.map((name) => `.${JSON.stringify(name)}`).join('')}`;
  return `c.${side} -> ${parameters.add(key, 'text')}, ${parameters.add(path, 'jsonpath')}`;
}

function comparisonSql(
  value: string,
  comparison: Comparison,
  type: ComparableType | null,
  parameters: SqlParameters,
): string {
  switch (comparison.operator) {
    case 'isNull':
      return comparison.value ? `${value} = 'null'::jsonb` : `${value} <> 'null'::jsonb`;
    case 'in':
      return inSql(value, comparison.value, type, parameters);
    case 'eq':
      return equalsSql(value, comparison.value, type, parameters);
    default:
      return typedSql(value, comparison.operator, comparison.value, type ?? 'text', parameters);
  }
}

function equalsSql(
  value: string,
  expected: JsonValue,
  type: ComparableType | null,
  parameters: SqlParameters,
): string {
  const compared = type !== null && isTyped(expected, type) ? type : null;
  return compared === null
    ? `${value} = ${parameters.json(expected)}`
    : typedSql(value, 'eq', expected, compared, parameters);
}

/** Any number of values in two parameters at most: a condition for each would be worked out one by one for each row. */
function inSql(
  value: string,
  expected: readonly JsonValue[],
  type: ComparableType | null,
  parameters: SqlParameters,
): string {
  const typed = expected.filter((one) => type !== null && isTyped(one, type));
  const others = expected.filter((one) => !typed.includes(one)).map((one) => JSON.stringify(one));
  const conditions = [
    ...(type !== null && typed.length > 0
      ? [comparedSql(value, type, `= any(${parameters.add(typed.map(String), 'text[]')}::${type}[])`)]
      : []),
    ...(others.length > 0 ? [`${value} = any(${parameters.add(others, 'jsonb[]')})`] : []),
  ];
  return `(${conditions.join(' or ') || 'false'})`;
}

/** Texts and numbers are equal as JSON exactly when they are equal; of the others `12.5` may be stored as `12.50`. */
function isTyped(expected: JsonValue, type: ComparableType): boolean {
  return type !== 'text' && (typeof expected === 'string' || typeof expected === 'number');
}

function typedSql(
  value: string,
  operator: keyof typeof OPERATORS,
  expected: JsonValue,
  type: ComparableType,
  parameters: SqlParameters,
): string {
  const given = `${parameters.add(String(expected), 'text')}::${type}`;
  return comparedSql(value, type, `${OPERATORS[operator]} ${given}`);
}

/** Compares in a type of PostgreSQL; what is not of the type (masked, cut, decoded otherwise once) never matches. */
function comparedSql(value: string, type: ComparableType, comparison: string): string {
  const text = `(${value} #>> '{}')`;
  const isOfType =
    type === 'text'
      ? `jsonb_typeof(${value}) = 'string'`
      : `jsonb_typeof(${value}) in ('string', 'number', 'boolean') and pg_input_is_valid(${text}, '${type}')`;
  return `case when ${isOfType} then ${text}::${type} ${comparison} else false end`;
}

function anyOf(keys: readonly string[], condition: (key: string) => string): string {
  return `(${keys.map(condition).join(' or ')})`;
}
