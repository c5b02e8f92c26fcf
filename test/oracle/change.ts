import type { EntityModel } from './model.js';
import { ANY_VALUE, type NormalValue, printValue, sameValue } from './normal-value.js';

/** Ids of link targets; `ANY_VALUE` when the trail masks them. */
export type LinkIds = readonly string[] | typeof ANY_VALUE;

/** One side (before or after) of a change, by path. */
export interface ChangeSide {
  readonly properties: ReadonlyMap<string, NormalValue>;
  readonly links: ReadonlyMap<string, LinkIds>;
}

/** A change as the truth demands it or as the trail has it, in the same form. */
export interface ComparableChange {
  readonly transactionId: string;
  readonly entity: EntityModel;
  /** Normal form of the key. Two when the transaction changed the key: the trail may use either. */
  readonly keys: readonly string[];
  readonly operation: string;
  readonly before: ChangeSide | null;
  readonly after: ChangeSide | null;
}

/** For messages. */
export function placeOf(change: ComparableChange, path?: string): string {
  const property = path === undefined ? '' : `.${path}`;
  return `transaction ${change.transactionId}, ${change.entity.entityType} ${change.keys.join(' or ')}${property}`;
}

/** For messages. */
export function printSide(side: ChangeSide | null): string {
  if (side === null) {
    return 'null';
  }
  const properties = [...side.properties].map(([path, value]) => `${path}=${printValue(value)}`);
  const links = [...side.links].map(
    ([path, ids]) => `${path}=${ids === ANY_VALUE ? '(any)' : `[${ids.join(' ')}]`}`,
  );
  return `{${[...properties, ...links].join(', ')}}`;
}

export function sameIds(one: LinkIds, other: LinkIds, ordered: boolean): boolean {
  if (one === ANY_VALUE || other === ANY_VALUE) {
    return true;
  }
  const [a, b] = ordered ? [one, other] : [[...one].sort(), [...other].sort()];
  return a.length === b.length && a.every((id, i) => id === b[i]);
}

/**
 * The sum of the changes of one entity in one transaction, by the rules of merging: create + update = create,
 * update + delete = delete, create + delete = nothing; delete + create stay two.
 */
export function foldChanges(changes: readonly ComparableChange[]): ComparableChange[] {
  const folded: ComparableChange[] = [];
  for (const change of changes) {
    const last = folded.at(-1);
    if (last === undefined || last.operation === 'delete') {
      folded.push(change);
      continue;
    }
    folded.pop();
    if (change.operation === 'delete') {
      if (last.operation !== 'create') {
        folded.push({ ...change, before: overlay(change.entity, change.before, last.before, last.after) });
      }
    } else if (last.operation === 'create') {
      folded.push({ ...last, after: overlay(last.entity, last.after, change.after, change.before) });
    } else {
      const merged = mergeUpdates(last, change);
      if (merged !== null) {
        folded.push(merged);
      }
    }
  }
  // A row deleted, created and deleted again was only deleted.
  return folded.filter(
    ({ operation }, i) => !(operation === 'delete' && folded[i - 1]?.operation === 'delete'),
  );
}

/** `top` wins. Links: whole lists when ordered, else `top` says what came to them and `removed` what went. */
function overlay(
  entity: EntityModel,
  base: ChangeSide | null,
  top: ChangeSide | null,
  removed: ChangeSide | null,
): ChangeSide {
  const links = new Map(base?.links);
  for (const { path, orderColumn } of entity.links) {
    const [now, added, gone] = [
      links.get(path) ?? [],
      top?.links.get(path) ?? [],
      removed?.links.get(path) ?? [],
    ];
    if (now === ANY_VALUE || added === ANY_VALUE || gone === ANY_VALUE) {
      links.set(path, ANY_VALUE);
    } else if (orderColumn !== null) {
      links.set(path, top?.links.has(path) ? added : now);
    } else {
      links.set(path, [...new Set([...now.filter((id) => !gone.includes(id)), ...added])]);
    }
  }
  return { properties: new Map([...(base?.properties ?? []), ...(top?.properties ?? [])]), links };
}

function mergeUpdates(first: ComparableChange, second: ComparableChange): ComparableChange | null {
  const before = new Map([...(second.before?.properties ?? []), ...(first.before?.properties ?? [])]);
  const after = new Map([...(first.after?.properties ?? []), ...(second.after?.properties ?? [])]);
  for (const path of [...before.keys()]) {
    if (sameValue(before.get(path), after.get(path)) && before.get(path) !== ANY_VALUE) {
      before.delete(path);
      after.delete(path);
    }
  }
  const [lost, gained] = [new Map<string, LinkIds>(), new Map<string, LinkIds>()];
  for (const { path, orderColumn } of first.entity.links) {
    const [removed, added] = mergeLinks(first, second, path, orderColumn !== null);
    if (!sameIds(removed, added, true) || removed === ANY_VALUE) {
      lost.set(path, removed);
      gained.set(path, added);
    }
  }
  if (before.size === 0 && after.size === 0 && lost.size === 0) {
    return null;
  }
  const keys = [...new Set([...first.keys, ...second.keys])];
  return {
    ...second,
    keys,
    before: { properties: before, links: lost },
    after: { properties: after, links: gained },
  };
}

function mergeLinks(
  first: ComparableChange,
  second: ComparableChange,
  path: string,
  ordered: boolean,
): readonly [LinkIds, LinkIds] {
  const [removed1, added1, removed2, added2] = [first.before, first.after, second.before, second.after].map(
    (side) => side?.links.get(path) ?? [],
  ) as [LinkIds, LinkIds, LinkIds, LinkIds];
  if (removed1 === ANY_VALUE || added1 === ANY_VALUE || removed2 === ANY_VALUE || added2 === ANY_VALUE) {
    return [ANY_VALUE, ANY_VALUE];
  }
  if (ordered) {
    const touchedFirst = first.before?.links.has(path) || first.after?.links.has(path);
    const touchedSecond = second.before?.links.has(path) || second.after?.links.has(path);
    return [touchedFirst ? removed1 : removed2, touchedSecond ? added2 : added1];
  }
  const removed = [
    ...removed1.filter((id) => !added2.includes(id)),
    ...removed2.filter((id) => !added1.includes(id)),
  ];
  const added = [
    ...added1.filter((id) => !removed2.includes(id)),
    ...added2.filter((id) => !removed1.includes(id)),
  ];
  return [removed, added];
}
