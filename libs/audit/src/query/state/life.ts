import type { JsonObject, JsonValue } from '../../model/json.js';
import { encodeLinks, isLinkDifference, linkIds } from '../../serialize/entity/links.js';
import type { LifeChange } from '../../store/audit-store.js';
import { compareEntityIds } from '../terms/entity-id.js';

/** What an entity was like, as stored JSON by path. */
export interface StoredState {
  /** The id that the entity had. */
  readonly entityId: string;
  readonly values: ReadonlyMap<string, JsonValue>;
  /** The last change of each path; those whose last change is not recorded are left out. */
  readonly changedBy: ReadonlyMap<string, LifeChange>;
  /** Of the entities that relations name, by path and entity id; those that are known. */
  readonly labels: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** Undefined when it is not recorded. */
  readonly created: LifeChange | undefined;
}

/**
 * What a life says of a moment: the state, that there was none (`absent`), that nothing is recorded of the entity
 * (`unknown`), or that it is not recorded from its beginning (`unavailable`) and what then is missing.
 */
export type LifeAnswer =
  | { readonly kind: 'state'; readonly state: StoredState }
  | { readonly kind: 'absent' | 'unknown' }
  | { readonly kind: 'unavailable'; readonly missing: readonly string[] };

/** What of an entity's policy decides how its life is read. */
export interface LifeRules {
  /** The id that was asked for. */
  readonly entityId: string;
  readonly keyPaths: readonly string[];
  /** Properties and relations that a state must have. */
  readonly paths: readonly string[];
}

/**
 * The state after the changes that are reached.
 * @param changes of `TrailSearch.lives`, under the paths of today
 */
export function answerOf(changes: readonly LifeChange[], rules: LifeRules): LifeAnswer {
  const [first] = changes;
  const reached = changes.filter((change) => change.reached);
  const last = reached.at(-1);
  if (!first) {
    return { kind: 'unknown' };
  }
  if (!last) {
    return first.operation === 'create' ? { kind: 'absent' } : { kind: 'unavailable', missing: [] };
  }
  const named = changes.findLastIndex(({ renamedTo }) => renamedTo === rules.entityId);
  if (last.operation === 'delete' || (changes.indexOf(last) > named && changesKey(last, rules))) {
    return { kind: 'absent' };
  }
  const changedBy = new Map<string, LifeChange>();
  const values = new Map<string, JsonValue>();
  const labels = new Map<string, Readonly<Record<string, string>>>();
  for (const change of reached) {
    if (change.operation === 'create') {
      values.clear();
      changedBy.clear();
      labels.clear();
    }
    forward(values, change);
    for (const path of pathsOf(change)) {
      changedBy.set(path, change);
      const known = change.labels?.targets[path];
      if (known) {
        labels.set(path, { ...labels.get(path), ...known });
      }
    }
  }
  const created = reached.findLast(({ operation }) => operation === 'create');
  const missing = created ? [] : fill(values, changes, last, rules);
  sortLinks(values);
  return missing.length > 0
    ? { kind: 'unavailable', missing }
    : {
        kind: 'state',
        state: { entityId: last.renamedTo ?? last.entityId, values, changedBy, labels, created },
      };
}

/**
 * Completes a state whose beginning is not recorded: backwards from its end, or, while it lives on, by what later changes
 * say that a value was before.
 * @returns what is still missing
 */
function fill(
  values: Map<string, JsonValue>,
  changes: readonly LifeChange[],
  last: LifeChange,
  rules: LifeRules,
): readonly string[] {
  const later = changes.slice(changes.indexOf(last) + 1);
  const end = later.at(-1);
  if (end?.operation === 'delete') {
    values.clear();
    for (const [path, value] of Object.entries(end.before ?? {})) {
      values.set(path, value);
    }
    for (const change of later.slice(0, -1).toReversed()) {
      backward(values, change);
    }
    return [];
  }
  const known = new Set([...values].flatMap(([path, value]) => (isLinkDifference(value) ? [] : [path])));
  for (const { before } of later) {
    for (const [path, value] of Object.entries(before ?? {})) {
      if (!known.has(path) && !isLinkDifference(value)) {
        known.add(path);
        values.set(path, value);
      }
    }
  }
  return rules.paths.filter((path) => !known.has(path));
}

function forward(values: Map<string, JsonValue>, { before, after }: LifeChange): void {
  move(values, before ?? {}, after ?? {});
}

function backward(values: Map<string, JsonValue>, { before, after }: LifeChange): void {
  move(values, after ?? {}, before ?? {});
}

function move(values: Map<string, JsonValue>, from: JsonObject, to: JsonObject): void {
  for (const path of new Set([...Object.keys(from), ...Object.keys(to)])) {
    if (isLinkDifference(from[path]) || isLinkDifference(to[path])) {
      const links = new Set(linkIds(values.get(path))).difference(new Set(linkIds(from[path])));
      values.set(path, encodeLinks(links.union(new Set(linkIds(to[path])))));
    } else {
      values.set(path, to[path] ?? null);
    }
  }
}

/**
 * Links whose order is not data come in the order in which they were made, or in which a table had them. Sorted, states
 * that have the same links are equal.
 */
function sortLinks(values: Map<string, JsonValue>): void {
  for (const [path, value] of values) {
    if (isLinkDifference(value)) {
      values.set(path, encodeLinks((linkIds(value) ?? []).toSorted(compareEntityIds)));
    }
  }
}

/** An entity whose key changes lives on under another id. */
function changesKey({ operation, after }: LifeChange, { keyPaths }: LifeRules): boolean {
  return operation === 'update' && keyPaths.some((path) => after !== null && path in after);
}

function pathsOf({ before, after }: LifeChange): ReadonlySet<string> {
  return new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
}
