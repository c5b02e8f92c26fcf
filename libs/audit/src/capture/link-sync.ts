import type { JsonValue } from '../model/json.js';
import { keyText } from '../serialize/key-text.js';
import { type DirtyCollection, keyValues } from './link-changes.js';
import type { LinkSet } from './link-set.js';
import type { Link } from './state-reader.js';

/** The text of a key as the trail has it. */
export function textOf(key: readonly unknown[]): string {
  return keyText(key.map((part): JsonValue => (typeof part === 'number' ? part : String(part))));
}

/** The links of a collection to some of its members. */
export function linksOf({ owner, prop }: DirtyCollection, members: readonly object[]): readonly Link[] {
  const own = textOf(keyValues(owner));
  return members.map((member) => {
    const other = textOf(keyValues(member));
    return prop.owner ? { ownerId: own, targetId: other } : { ownerId: other, targetId: own };
  });
}

/**
 * Does to the links what MikroORM's statements do to the link table for all dirty collections of one relation: first
 * all deletes, then all inserts, then the inserts that pass over links which are there.
 */
export function synchronize(collections: readonly DirtyCollection[], links: LinkSet): void {
  const plans = collections.map((collection) => ({ collection, ...planOf(collection, links) }));
  for (const link of plans.flatMap(({ deletes }) => deletes)) {
    links.delete(link);
  }
  // A statement that two collections ask for is sent once.
  const [loaded, unloaded] = [true, false].map((isLoaded) =>
    plans.flatMap(({ collection, inserts }) => (collection.isLoaded === isLoaded ? inserts : [])),
  );
  for (const link of [...distinct(loaded ?? []), ...distinct(unloaded ?? [])]) {
    links.add(link);
  }
}

function planOf(
  collection: DirtyCollection,
  links: LinkSet,
): { readonly deletes: readonly Link[]; readonly inserts: readonly Link[] } {
  const { owner, prop, items, snapshot } = collection;
  const current = linksOf(collection, items);
  if (snapshot === undefined) {
    // Replaced without having been loaded: whatever is stored goes.
    const own = textOf(keyValues(owner));
    return { deletes: prop.owner ? links.ofOwner(own) : links.ofTarget(own), inserts: current };
  }
  const known = linksOf(collection, snapshot);
  const [had, has] = [new Set(known.map(nameOf)), new Set(current.map(nameOf))];
  const added = current.filter((link) => !had.has(nameOf(link)));
  const kept = known.filter((link) => has.has(nameOf(link)));
  const isInOrder = [...kept, ...added].every((link, i) => nameOf(link) === nameOf(current[i] ?? link));
  return prop.owner && prop.fixedOrder && !isInOrder
    ? { deletes: known, inserts: current }
    : { deletes: known.filter((link) => !has.has(nameOf(link))), inserts: added };
}

function distinct(links: readonly Link[]): Iterable<Link> {
  // The last one counts, but in the place of the first one.
  return new Map(links.map((link) => [nameOf(link), link])).values();
}

function nameOf({ ownerId, targetId }: Link): string {
  return JSON.stringify([ownerId, targetId]);
}
