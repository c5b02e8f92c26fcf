import type { EntityProperty } from '@mikro-orm/core';
import { InvalidQueryError } from '../../errors/query-errors.js';
import type { EntityPolicy } from '../../policy/entity-policy.js';
import type { ValueCondition } from '../../query/terms/change-query.js';

const OPERATORS = ['eq', 'gt', 'gte', 'lt', 'lte', 'in', 'isNull'] as const;
const VALUE = /^(?<path>[^:]+):(?<side>from|to):(?<operator>\w+):(?<json>.*)$/s;

const MAX_ITEMS = 500;
const MAX_PATH = 400;

/** A condition on the value of a property before or after a change. */
export interface ValueParameter {
  readonly property: string;
  readonly from?: ValueCondition;
  readonly to?: ValueCondition;
}

/**
 * Reads `path:from:eq:"open"`, or `path` for any change of it. Several of one path are one condition.
 * @throws InvalidQueryError when it is written otherwise
 */
export function valueParameters(
  texts: readonly string[],
  family: readonly EntityPolicy[],
): readonly ValueParameter[] {
  const found = new Map<string, { from: ValueCondition; to: ValueCondition }>();
  for (const text of texts) {
    const groups = VALUE.exec(text)?.groups;
    const path = groups?.path ?? text;
    if (path.length > MAX_PATH) {
      throw new InvalidQueryError(
        'value',
        `has a path of more than ${MAX_PATH} characters`,
        'Give a shorter one.',
      );
    }
    const conditions = found.get(path) ?? { from: {}, to: {} };
    found.set(path, conditions);
    if (groups) {
      const side = groups.side === 'from' ? 'from' : 'to';
      const condition = conditionOf(
        groups.operator ?? '',
        parseJson('value', groups.json ?? ''),
        path,
        family,
      );
      conditions[side] = { ...conditions[side], ...condition };
    } else if (text.includes(':')) {
      throw invalidValue();
    }
  }
  return [...found].map(([property, { from, to }]) => ({ property, from, to }));
}

/**
 * A value in the type of a property, of what JSON makes of it: times are ISO texts, bigints decimal texts.
 * @throws InvalidQueryError when it is not of that type
 */
export function valueOfProperty(
  parameter: string,
  json: unknown,
  path: string,
  family: readonly EntityPolicy[],
): unknown {
  const prop = propertyOf(path, family);
  if (json === null || !prop) {
    return json;
  }
  switch (prop.runtimeType) {
    case 'Date': {
      const date = new Date(typeof json === 'string' ? json : Number.NaN);
      return Number.isNaN(date.getTime()) ? json : date;
    }
    case 'bigint':
      return /^-?\d{1,40}$/.test(String(json)) ? BigInt(String(json)) : refuse(parameter);
    case 'number':
    case 'boolean':
    case 'string':
      return prop.kind !== 'scalar' || typeof json === prop.runtimeType ? json : refuse(parameter);
    default:
      return json;
  }
}

/** @throws InvalidQueryError when the text is no JSON */
export function parseJson(parameter: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidQueryError(parameter, 'has a value that is no JSON', 'Put texts in quotes: "open".');
  }
}

function conditionOf(
  operator: string,
  json: unknown,
  path: string,
  family: readonly EntityPolicy[],
): ValueCondition {
  if (!(OPERATORS as readonly string[]).includes(operator)) {
    throw invalidValue();
  }
  if (operator === 'isNull') {
    return typeof json === 'boolean' ? { isNull: json } : refuse('value');
  }
  if (operator === 'in') {
    if (Array.isArray(json) && json.length > MAX_ITEMS) {
      throw new InvalidQueryError('value', `has more than ${MAX_ITEMS} values in a list`, 'Give fewer.');
    }
    return Array.isArray(json)
      ? { in: json.map((one) => valueOfProperty('value', one, path, family)) }
      : refuse('value');
  }
  return { [operator]: valueOfProperty('value', json, path, family) };
}

function propertyOf(path: string, family: readonly EntityPolicy[]): EntityProperty | undefined {
  for (const { properties } of family) {
    for (const property of properties.values()) {
      if (property.path === path) {
        return property.prop;
      }
    }
  }
  return undefined;
}

function refuse(parameter: string): never {
  throw new InvalidQueryError(
    parameter,
    'has a value of another type than its property',
    'Give JSON of the type of the property, and times and big numbers as texts.',
  );
}

function invalidValue(): InvalidQueryError {
  return new InvalidQueryError(
    'value',
    'is no comparison',
    'Write path:from:eq:"open" or path:to:gte:100, with one of eq, gt, gte, lt, lte, in, isNull.',
  );
}
