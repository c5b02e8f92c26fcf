import type { ChangeRecord } from '../../model/change-record.js';
import type { JsonObject, JsonValue } from '../../model/json.js';
import { RowMap } from '../../model/row-map.js';
import { encodeLinks, isLinkDifference, linkIds } from '../../serialize/entity/links.js';
import { jsonEquals } from '../../serialize/json/canonical-json.js';
import { hidesValue } from '../../serialize/json/hides-value.js';
import { objectFromPairs } from '../../serialize/json/json-shape.js';

/**
 * The net changes of one transaction: create and update give one create, create and delete nothing, updates one
 * update from the first before to the last after, update and delete a delete with the state before the transaction.
 * A key that is deleted and created again keeps both changes. Changes stay in the order in which each began.
 *
 * A row is followed through changes of its key, and its change has the key that the transaction found, or gave to a new
 * row. It stays apart from an earlier one where it takes a key that its owner has given up in between: the changes can
 * then still be applied one after the other.
 */
export function mergeChanges(changes: readonly ChangeRecord[]): readonly ChangeRecord[] {
  if (changes.length < 2) {
    return changes;
  }
  const slots: (ChangeRecord | null)[] = [];
  /** By the present key of each row, and by the key that a row began with. */
  const [open, begun] = [new RowMap<number>(), new RowMap<number>()];
  for (const change of changes) {
    const table = change.entityType;
    const [row, renamed] = [
      { table, text: change.entityId },
      { table, text: presentId(change) },
    ];
    const slot = open.get(row) ?? slots.length;
    const earlier = slots[slot];
    const taken = begun.get(renamed) ?? slot;
    open.delete(row);
    if (earlier && earlier.operation !== 'delete' && (taken <= slot || !slots[taken])) {
      slots[slot] = mergePair(earlier, change);
      open.set(renamed, slot);
    } else {
      begun.set(row, slots.length);
      open.set(renamed, slots.push(change) - 1);
    }
  }
  return slots.filter((change) => change !== null);
}

function presentId({ entityId, renamedTo }: ChangeRecord): string {
  return renamedTo ?? entityId;
}

function mergePair(earlier: ChangeRecord, later: ChangeRecord): ChangeRecord | null {
  if (earlier.operation === 'create') {
    return later.operation === 'delete'
      ? null
      : {
          ...earlier,
          entityId: presentId(later),
          ...wholeOf(later),
          ...mergedLabels(earlier, later),
          after: withAfter(earlier.after ?? {}, later),
        };
  }
  return later.operation === 'delete'
    ? {
        ...later,
        entityId: earlier.entityId,
        ...leftBefore(earlier, later),
        ...mergedLabels(earlier, later),
        before: withBefore(later.before ?? {}, earlier),
      }
    : mergeUpdates(earlier, later);
}

function mergeUpdates(earlier: ChangeRecord, later: ChangeRecord): ChangeRecord | null {
  const before: Record<string, JsonValue> = {};
  const after: Record<string, JsonValue> = {};
  for (const path of new Set([...pathsOf(earlier), ...pathsOf(later)])) {
    const [first, last] = [earlier, later].map(
      (change) => [change.before?.[path], change.after?.[path]] as const,
    );
    if (!first || !last) {
      continue;
    }
    if ([...first, ...last].some(isLinkDifference)) {
      composeLinks(path, first, last, before, after);
      continue;
    }
    const [was = null] = pathsOf(earlier).has(path) ? first : last;
    const [, is = null] = pathsOf(later).has(path) ? last : first;
    if (!jsonEquals(was, is) || hidesValue(is)) {
      before[path] = was;
      after[path] = is;
    }
  }
  return Object.keys(after).length === 0 && Object.keys(before).length === 0
    ? null
    : {
        ...withoutMoves(later),
        entityId: earlier.entityId,
        ...moved(earlier, later),
        ...renaming(earlier, later),
        ...mergedLabels(earlier, later),
        before,
        after,
      };
}

type Side = readonly [before: JsonValue | undefined, after: JsonValue | undefined];

/** Two link differences in a row: a link that came and went, or went and came back, is none. */
function composeLinks(
  path: string,
  [lostFirst, cameFirst]: Side,
  [lostLast, cameLast]: Side,
  before: Record<string, JsonValue>,
  after: Record<string, JsonValue>,
): void {
  const first = { lost: new Set(linkIds(lostFirst)), came: new Set(linkIds(cameFirst)) };
  const last = { lost: new Set(linkIds(lostLast)), came: new Set(linkIds(cameLast)) };
  const lost = first.lost.difference(last.came).union(last.lost.difference(first.came));
  const came = first.came.difference(last.lost).union(last.came.difference(first.lost));
  if (lost.size > 0) {
    before[path] = encodeLinks(lost);
  }
  if (came.size > 0) {
    after[path] = encodeLinks(came);
  }
}

function withAfter(state: JsonObject, update: ChangeRecord): JsonObject {
  return applyUpdate(state, update.before ?? {}, update.after ?? {});
}

function withBefore(state: JsonObject, update: ChangeRecord): JsonObject {
  return applyUpdate(state, update.after ?? {}, update.before ?? {});
}

/** A full state moved over an update, forwards or (with the sides swapped) backwards. */
function applyUpdate(state: JsonObject, from: JsonObject, to: JsonObject): JsonObject {
  const moved: Record<string, JsonValue> = { ...state };
  for (const path of new Set([...Object.keys(from), ...Object.keys(to)])) {
    if (isLinkDifference(from[path]) || isLinkDifference(to[path])) {
      const links = new Set(linkIds(state[path])).difference(new Set(linkIds(from[path])));
      moved[path] = encodeLinks(links.union(new Set(linkIds(to[path]))));
    } else {
      moved[path] = to[path] ?? null;
    }
  }
  return moved;
}

/** The later own label; of targets all, because those before and after the transaction are among them. */
function mergedLabels(earlier: ChangeRecord, later: ChangeRecord): Pick<ChangeRecord, 'labels'> {
  const [first, last] = [earlier.labels ?? null, later.labels ?? null];
  if (!first || !last) {
    return (first ?? last) ? { labels: first ?? last } : {};
  }
  const paths = new Set([...Object.keys(first.targets), ...Object.keys(last.targets)]);
  const targets = objectFromPairs(
    [...paths].map((path) => [path, { ...first.targets[path], ...last.targets[path] }] as const),
  );
  return { labels: { own: last.own ?? first.own, targets } };
}

function pathsOf(change: ChangeRecord): ReadonlySet<string> {
  return new Set([...Object.keys(change.before ?? {}), ...Object.keys(change.after ?? {})]);
}

function wholeOf({ partOfType, partOfId }: ChangeRecord): Pick<ChangeRecord, 'partOfType' | 'partOfId'> {
  return { partOfType, partOfId };
}

/** The whole of an entity before its transaction; the story of that whole has to tell that the entity left. */
function firstWhole({ partOfId, partOfIdBefore }: ChangeRecord): string | null {
  return partOfIdBefore ?? partOfId;
}

/** Without what is worked out anew for two. */
function withoutMoves({ partOfIdBefore: _of, renamedTo: _to, ...change }: ChangeRecord): ChangeRecord {
  return change;
}

function moved(earlier: ChangeRecord, later: ChangeRecord): Partial<ChangeRecord> {
  const left = firstWhole(earlier);
  const whole = later.partOfId === null ? wholeOf(earlier) : wholeOf(later);
  return left === null || left === whole.partOfId ? whole : { ...whole, partOfIdBefore: left };
}

/** A delete stands in the story of what the entity was part of before its transaction. */
function leftBefore(earlier: ChangeRecord, later: ChangeRecord): Partial<ChangeRecord> {
  return earlier.partOfIdBefore
    ? { partOfType: earlier.partOfType, partOfId: earlier.partOfIdBefore }
    : wholeOf(later);
}

function renaming(earlier: ChangeRecord, later: ChangeRecord): Pick<ChangeRecord, 'renamedTo'> {
  const renamedTo = later.renamedTo ?? earlier.renamedTo;
  return renamedTo && renamedTo !== earlier.entityId ? { renamedTo } : {};
}
