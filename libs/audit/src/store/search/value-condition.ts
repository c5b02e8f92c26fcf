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
        `${valueSql('before', key, inside, parameters)} is distinct from ${valueSql('after', key, inside, parameters)}`,
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
        comparisonSql(valueSql(side, key, filter.inside, parameters), comparison, filter.type, parameters),
      ),
    ),
  );
  return [pathCondition(filter, parameters), ...sides].join(' and ');
}

function valueSql(
  side: 'before' | 'after',
  key: string,
  inside: readonly string[],
  parameters: SqlParameters,
): string {
  return inside.length === 0
    ? `(c.${side} -> ${parameters.add(key, 'text')})`
    : `(c.${side} #> ${parameters.add([key, ...inside], 'text[]')})`;
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
      return `(${comparison.value.map((one) => equalsSql(value, one, type, parameters)).join(' or ') || 'false'})`;
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
  const isScalar = typeof expected === 'string' || typeof expected === 'number';
  // Texts and numbers are equal as JSON exactly when they are equal; of the others `12.5` may be stored as `12.50`.
  return type === null || type === 'text' || !isScalar
    ? `${value} = ${parameters.json(expected)}`
    : typedSql(value, 'eq', expected, type, parameters);
}

/** Compares in a type of PostgreSQL; what is not of the type (masked, cut, decoded otherwise once) never matches. */
function typedSql(
  value: string,
  operator: keyof typeof OPERATORS,
  expected: JsonValue,
  type: ComparableType,
  parameters: SqlParameters,
): string {
  const text = `(${value} #>> '{}')`;
  const isOfType =
    type === 'text'
      ? `jsonb_typeof(${value}) = 'string'`
      : `jsonb_typeof(${value}) in ('string', 'number', 'boolean') and pg_input_is_valid(${text}, '${type}')`;
  const given = `${parameters.add(String(expected), 'text')}::${type}`;
  return `case when ${isOfType} then ${text}::${type} ${OPERATORS[operator]} ${given} else false end`;
}

function anyOf(keys: readonly string[], condition: (key: string) => string): string {
  return `(${keys.map(condition).join(' or ')})`;
}
