import type { Operation, Outcome } from '../model/trail.js';

/** Which revisions and changes are asked for. The query string of the page holds all of it, in the words of the API. */
export interface Filters {
  readonly entity: readonly string[];
  readonly id: readonly string[];
  /** Of a tenant; null when not asked for, as in the following. */
  readonly schema: string | null;
  /** `<type>:<id>`. */
  readonly partOf: string | null;
  readonly actor: string | null;
  readonly onBehalfOf: string | null;
  readonly action: string | null;
  readonly outcome: Outcome | null;
  readonly operation: readonly Operation[];
  readonly property: readonly string[];
  /** `<path>:<from|to>:<operator>:<JSON>`. */
  readonly value: readonly string[];
  readonly correlationId: string | null;
  /** ISO 8601. */
  readonly from: string | null;
  /** ISO 8601, exclusive. */
  readonly until: string | null;
  readonly text: string | null;
  readonly order: 'newest' | 'oldest';
}

export const NO_FILTERS: Filters = {
  entity: [],
  id: [],
  schema: null,
  partOf: null,
  actor: null,
  onBehalfOf: null,
  action: null,
  outcome: null,
  operation: [],
  property: [],
  value: [],
  correlationId: null,
  from: null,
  until: null,
  text: null,
  order: 'newest',
};

const LISTS = ['entity', 'id', 'property', 'value'] as const;
const TEXTS = [
  'schema',
  'partOf',
  'actor',
  'onBehalfOf',
  'action',
  'correlationId',
  'from',
  'until',
  'text',
] as const;
const OPERATIONS: readonly string[] = ['create', 'update', 'delete', 'baseline'] satisfies Operation[];

const OUTCOMES: readonly string[] = ['success', 'failure', 'denied'] satisfies Outcome[];

const isOperation = (text: string): text is Operation => OPERATIONS.includes(text);
const isOutcome = (text: string | null): text is Outcome => text !== null && OUTCOMES.includes(text);

/** Reads a query string. It leaves out what it does not know; empty parameters ask for nothing. */
export function readFilters(query: URLSearchParams): Filters {
  const list = (name: string): string[] => [...new Set(query.getAll(name).filter((value) => value !== ''))];
  const lists = Object.fromEntries(LISTS.map((name) => [name, list(name)]));
  const texts = Object.fromEntries(TEXTS.map((name) => [name, query.get(name) || null]));
  const order = query.get('order') === 'oldest' ? 'oldest' : 'newest';
  const outcome = query.get('outcome');
  return {
    ...NO_FILTERS,
    ...lists,
    ...texts,
    operation: list('operation').filter(isOperation),
    outcome: isOutcome(outcome) ? outcome : null,
    order,
  };
}

/** The query string of filters, always in the same order; `readFilters` gives the filters back. */
export function writeFilters(filters: Filters): URLSearchParams {
  const query = new URLSearchParams();
  for (const name of [...LISTS, 'operation'] as const) {
    for (const value of filters[name]) query.append(name, value);
  }
  for (const name of [...TEXTS, 'outcome'] as const) {
    const value = filters[name];
    if (value !== null && value !== '') query.set(name, value);
  }
  if (filters.order === 'oldest') query.set('order', 'oldest');
  return query;
}

/** Makes filters that go together: ids, properties and values belong to one entity type. */
export function tidyFilters(filters: Filters): Filters {
  return filters.entity.length === 1 ? filters : { ...filters, id: [], property: [], value: [] };
}

/** How many things are asked for, the order aside. */
export function countFilters(filters: Filters): number {
  return [...writeFilters({ ...filters, order: 'newest' }).keys()].length;
}

/**
 * Whether the server can search for text: no index serves it, so it wants something else that narrows the search.
 */
export function isTextSearchBounded(filters: Filters): boolean {
  const hasActorId = filters.actor !== null && splitPair(filters.actor)[1] !== '';
  const hasSpan = filters.from !== null && filters.until !== null;
  return filters.entity.length > 0 || filters.partOf !== null || hasActorId || hasSpan;
}

/** `type` and `id` of `type:id`; the id may have colons. */
export function splitPair(pair: string): readonly [type: string, id: string] {
  const colon = pair.indexOf(':');
  return colon < 0 ? [pair, ''] : [pair.slice(0, colon), pair.slice(colon + 1)];
}
