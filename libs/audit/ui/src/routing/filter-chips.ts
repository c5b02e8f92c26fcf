import { absoluteTime } from '../time/relative-time.js';
import { ownValue } from '../values/own-value.js';
import { OUTCOME_WORDS } from '../values/revision-note.js';
import { type Filters, splitPair, tidyFilters } from './filters.js';

/** One thing that filters ask for, and the filters without it. */
export interface FilterChip {
  readonly name: string;
  readonly text: string;
  readonly without: Filters;
}

const NAMES = {
  entity: 'Entity',
  id: 'Id',
  schema: 'Schema',
  partOf: 'Part of',
  actor: 'Actor',
  onBehalfOf: 'On behalf of',
  action: 'Action',
  outcome: 'Outcome',
  operation: 'Operation',
  property: 'Property',
  value: 'Value',
  correlationId: 'Request',
  from: 'From',
  until: 'Until',
  text: 'Text',
} as const;

const SIGNS: Readonly<Record<string, string>> = { eq: '=', gt: '>', gte: '≥', lt: '<', lte: '≤', in: 'in' };

/** The filters, one by one. */
export function filterChips(filters: Filters): readonly FilterChip[] {
  return (Object.keys(NAMES) as (keyof typeof NAMES)[]).flatMap((key) => {
    const value = filters[key];
    const name = NAMES[key];
    if (value === null) return [];
    if (typeof value === 'string') {
      return [{ name, text: chipText(key, value), without: { ...filters, [key]: null } }];
    }
    return value.map((item: string) => {
      const rest = value.filter((other: string) => other !== item);
      return { name, text: chipText(key, item), without: tidyFilters({ ...filters, [key]: rest }) };
    });
  });
}

function chipText(key: string, value: string): string {
  if (key === 'from' || key === 'until') return absoluteTime(value);
  if (key === 'outcome') return ownValue(OUTCOME_WORDS, value) ?? value;
  if (key === 'value') return conditionText(value);
  if (key === 'actor' || key === 'onBehalfOf' || key === 'partOf')
    return splitPair(value).filter(Boolean).join(' ');
  return value;
}

/** `price becomes > 100` for `price:to:gt:100`. */
export function conditionText(condition: string): string {
  const [path, side, operator, json] = splitCondition(condition);
  const verb = side === 'from' ? 'was' : 'becomes';
  if (operator === 'isNull') return `${path} ${verb} ${json === 'true' ? 'empty' : 'not empty'}`;
  return `${path} ${verb} ${ownValue(SIGNS, operator) ?? operator} ${json.replace(/^"(.*)"$/, '$1')}`;
}

/** The parts of `<path>:<from|to>:<operator>:<JSON>`; JSON may have colons. */
export function splitCondition(
  condition: string,
): readonly [path: string, side: string, operator: string, json: string] {
  const match = /^(.*?):(from|to):(\w+):([\s\S]*)$/.exec(condition);
  return [match?.[1] ?? condition, match?.[2] ?? 'to', match?.[3] ?? 'eq', match?.[4] ?? ''];
}

/**
 * A condition on a value.
 * @param text what the reader typed; a number or truth value if the property is one
 */
export function writeCondition(
  path: string,
  side: string,
  operator: string,
  text: string,
  type: string,
): string {
  if (operator === 'empty' || operator === 'filled') return `${path}:${side}:isNull:${operator === 'empty'}`;
  const isNumber = type === 'number' && text.trim() !== '' && Number.isFinite(Number(text));
  const isTruth = type === 'boolean' && (text === 'true' || text === 'false');
  return `${path}:${side}:${operator}:${isNumber || isTruth ? text.trim() : JSON.stringify(text)}`;
}
