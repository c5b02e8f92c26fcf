import type { ActorType } from '../../model/actor.js';
import type { Operation } from '../../model/change.js';
import type { JsonValue } from '../../model/json.js';
import type { Outcome } from '../../model/revision.js';
import type { PartOfFilter, ScopeFilter } from './scope-filter.js';

/** How a stored value is compared; both sides are JSON of the trail. */
export type Comparison =
  | { readonly operator: 'eq' | 'gt' | 'gte' | 'lt' | 'lte'; readonly value: JsonValue }
  | { readonly operator: 'in'; readonly value: readonly JsonValue[] }
  | { readonly operator: 'isNull'; readonly value: boolean };

/** Types of PostgreSQL in which stored values can be compared. */
export type ComparableType =
  | 'numeric'
  | 'text'
  | 'timestamptz'
  | 'timestamp'
  | 'date'
  | 'time'
  | 'timetz'
  | 'interval'
  | 'boolean';

/** A value inside `before` or `after`. */
export interface StoredPath {
  /** Keys under which it may be stored. */
  readonly keys: readonly string[];
  /** The way on from there into JSON; empty for the whole value. */
  readonly inside: readonly string[];
}

export interface ValueFilter extends StoredPath {
  /** Null compares as JSON, by equality only. */
  readonly type: ComparableType | null;
  /** All must hold of the value before. */
  readonly from: readonly Comparison[];
  /** All must hold of the value after. */
  readonly to: readonly Comparison[];
}

export interface PrincipalFilter {
  readonly type: ActorType | null;
  readonly id: string | null;
}

/** The parts of the changes of an entity that are not searched for a text. */
export interface UnsearchedText {
  /** Names of the class, whatever the schema. */
  readonly names: readonly string[];
  /** Keys of values; null for all of them. */
  readonly keys: readonly string[] | null;
  readonly labels: boolean;
}

/** The changes that are asked for. Null means: do not look at it. Everything that is given must hold. */
export interface ChangeFilter {
  readonly entityTypes: readonly string[] | null;
  /** Names of classes, whatever the schema. */
  readonly entityNames: readonly string[] | null;
  /** Only together with `entityTypes`. */
  readonly entityIds: readonly string[] | null;
  readonly partOf: PartOfFilter | null;
  readonly operations: readonly Operation[] | null;
  /** One of them must be in the change. */
  readonly paths: readonly StoredPath[] | null;
  /** All must hold. */
  readonly values: readonly ValueFilter[] | null;
  readonly actor: PrincipalFilter | null;
  readonly onBehalfOf: PrincipalFilter | null;
  readonly action: string | null;
  /** The revision of the changes. */
  readonly revisionId: string | null;
  /** The changes themselves. */
  readonly changeIds: readonly string[] | null;
  /** Actions whose revisions are left out. */
  readonly exceptActions: readonly string[] | null;
  readonly correlationId: string | null;
  readonly outcome: Outcome | null;
  /** Revisions that restore this one. */
  readonly restoredRevisionId: string | null;
  /** Inclusive. */
  readonly from: Date | null;
  /** Exclusive. */
  readonly until: Date | null;
  /** Somewhere in a label or a value, in any case. */
  readonly text: string | null;
  /** Where the text is not looked for; null when it is looked for everywhere. */
  readonly unsearched: readonly UnsearchedText[] | null;
  /** The part that may be seen at all. */
  readonly scope: ScopeFilter | null;
}

/** The filter that finds all. */
export const EVERYTHING: ChangeFilter = {
  entityTypes: null,
  entityNames: null,
  entityIds: null,
  partOf: null,
  operations: null,
  paths: null,
  values: null,
  actor: null,
  onBehalfOf: null,
  action: null,
  revisionId: null,
  changeIds: null,
  exceptActions: null,
  correlationId: null,
  outcome: null,
  restoredRevisionId: null,
  from: null,
  until: null,
  text: null,
  unsearched: null,
  scope: null,
};

/** A page of changes or revisions. */
export interface ChangeSearch {
  readonly filter: ChangeFilter;
  readonly newestFirst: boolean;
  /** The position of the last item of the page before; null for the first page. */
  readonly after: SearchPosition | null;
  readonly limit: number;
}

/**
 * A place in the order of a search, as decimal numbers: the id of a change, or the microseconds of the time of record with
 * the id of the change, or with that of the revision and, where changes are looked for, that of the change.
 */
export type SearchPosition = readonly string[];
