import type { JsonValue } from '../../model/json.js';
import type { EntityCodec } from '../../serialize/entity/entity-codec.js';
import { storedKey } from '../../serialize/entity/stored-key.js';
import type { LifeChange, Moment } from '../../store/audit-store.js';
import { foundBefore, LifeFold, tellsAll } from './life-fold.js';
import type { RecordedGap } from './recorded-gap.js';

/** The state of an entity, as stored JSON by path. */
export interface StoredState {
  /** The id that the entity had. */
  readonly entityId: string;
  readonly values: ReadonlyMap<string, JsonValue>;
  /** The last change of each path; those whose last change is not recorded are left out. */
  readonly changedBy: ReadonlyMap<string, LifeChange>;
  /** Of the entities that relations name, by path and entity id; those that are known. */
  readonly labels: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** Its creation, or its newest baseline; undefined when there is neither. */
  readonly told: LifeChange | undefined;
  /** Writes that are not recorded, oldest first. */
  readonly gaps: readonly RecordedGap[];
  /** Properties and relations that no change tells of. */
  readonly unknown: readonly string[];
  /** The delete since which they are unknown; null when it is the beginning that is not recorded. */
  readonly unknownSince: LifeChange | null;
}

/** The answer of a life about a moment: the state, that there was none (`absent`), or that nothing is recorded (`unknown`). */
export type LifeAnswer =
  | { readonly kind: 'state'; readonly state: StoredState }
  | { readonly kind: 'absent' | 'unknown' };

/** The rules by which a life is read. */
export interface LifeRules {
  /** The id that was asked for. */
  readonly entityId: string;
  readonly codec: EntityCodec;
  /** Null for now. */
  readonly moment: Moment | null;
  /** Whether it is known otherwise that the entity existed, such as by what referred to it. */
  readonly existed: boolean;
}

/**
 * The state after the changes that are reached.
 * @param changes of `TrailSearch.lives`, under the paths of today
 */
export function answerOf(changes: readonly LifeChange[], rules: LifeRules): LifeAnswer {
  if (changes.length === 0 && !rules.existed) {
    return { kind: 'unknown' };
  }
  const reached = changes.filter((change) => change.reached);
  const last = reached.at(-1);
  const later = last ? changes.slice(changes.indexOf(last) + 1) : changes;
  if (!last) {
    // An entity that was there before its first recorded change is older than auditing, or than the auditing of its class.
    const isLater = changes[0]?.operation === 'create';
    return isLater ? { kind: 'absent' } : stateOf([], later, rules);
  }
  const named = changes.findLastIndex(({ renamedTo }) => renamedTo === rules.entityId);
  const isRenamed = changes.indexOf(last) > named && changesKey(last, rules);
  const isGone = last.operation === 'delete' && !isFoundBy(later[0], rules);
  return isGone || isRenamed ? { kind: 'absent' } : stateOf(reached, later, rules);
}

/** Whether a change found an entity at the moment, though the one before had deleted it: something unaudited put it back. */
function isFoundBy(next: LifeChange | undefined, { moment }: LifeRules): boolean {
  return next !== undefined && next.operation !== 'create' && next.revisionId === moment?.beginningOf;
}

function stateOf(
  reached: readonly LifeChange[],
  later: readonly LifeChange[],
  { codec, entityId, moment }: LifeRules,
): LifeAnswer {
  const fold = new LifeFold(codec);
  for (const change of reached) {
    fold.add(change);
  }
  const last = reached.at(-1);
  const id = last ? (last.renamedTo ?? last.entityId) : (later[0]?.entityId ?? entityId);
  const [next] = later;
  if (next) {
    const found = fold.told ? fold.foundBy(next) : foundBefore(later);
    // Values that are known exactly, or may not have existed yet, are not taken from later changes.
    const isExact = last !== undefined && last.revisionId === moment?.endOf;
    const isWhole = !fold.told || next.revisionId === moment?.beginningOf;
    for (const [path, value] of found) {
      if (fold.values.has(path) ? !isExact : isWhole) {
        fold.believe(path, value, later.find((change) => tells(change, path)) ?? next);
      }
    }
  }
  fold.sortLinks();
  const { told, changedBy, labels, gaps, deleted } = fold;
  const values = told ? fold.values : new Map([...storedKey(codec, id), ...fold.values]);
  const end = later.at(-1);
  const isEnded = end !== undefined && tellsAll(end);
  const unknown = told ? [] : unknownPaths(codec, values, isEnded);
  return {
    kind: 'state',
    state: { entityId: id, values, changedBy, labels, told, gaps, unknown, unknownSince: deleted ?? null },
  };
}

/** @param isEnded whether the last change tells all that there was */
function unknownPaths(
  { policy: { properties, collections } }: EntityCodec,
  values: ReadonlyMap<string, JsonValue>,
  isEnded: boolean,
): readonly string[] {
  const paths = isEnded ? [] : [...[...properties.values()].map(({ path }) => path), ...collections.keys()];
  return paths.filter((path) => !values.has(path));
}

function tells({ before, after }: LifeChange, path: string): boolean {
  return [before, after].some((values) => values !== null && path in values);
}

/** An entity whose key changes lives on under another id. */
function changesKey({ operation, after }: LifeChange, { codec }: LifeRules): boolean {
  const keys = codec.policy.meta.primaryKeys;
  return operation === 'update' && keys.some((path) => after !== null && path in after);
}
