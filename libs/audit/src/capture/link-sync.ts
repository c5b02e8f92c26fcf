import type { JsonValue } from '../model/json.js';
import { keyText } from '../serialize/entity/key-text.js';
import { type DirtyCollection, keyValues } from './link-changes.js';
import type { LinkSet } from './link-set.js';
import { targetKey } from './link-table.js';
import type { Link } from './state-reader.js';

/** The text of a key as the trail has it. */
export function textOf(key: readonly unknown[]): string {
  return keyText(key.map((part): JsonValue => (typeof part === 'number' ? part : String(part))));
}

/** The values by which links refer to the entity that has the collection. */
export function ownKey({ owner, prop, owning }: DirtyCollection): readonly unknown[] {
  return prop.owner ? keyValues(owner) : targetKey(owning, owner);
}

/** The values by which links refer to a member of the collection. */
function memberKey({ prop, owning }: DirtyCollection, member: object): readonly unknown[] {
  return prop.owner ? targetKey(owning, member) : keyValues(member);
}

/** The links of a collection to some of its members. */
export function linksOf(collection: DirtyCollection, members: readonly object[]): readonly Link[] {
  const { prop } = collection;
  const own = textOf(ownKey(collection));
  return members.map((member) => {
    const other = textOf(memberKey(collection, member));
    return prop.owner ? { ownerId: own, targetId: other } : { ownerId: other, targetId: own };
  });
}

/** Statements on the link table, by the values in them: MikroORM sends the last one of those that have the same. */
type Statements = Map<string, readonly Link[]>;

/**
 * Does to the links what MikroORM's statements do to the link table for all dirty collections of one relation: first
 * all deletes, then all inserts, then the inserts that pass over links which are there.
 */
export function synchronize(collections: readonly DirtyCollection[], links: LinkSet): void {
  const deletes: Statements = new Map();
  const inserts: Statements = new Map();
  const upserts: Statements = new Map();
  for (const collection of collections) {
    const { prop, snapshot, isLoaded } = collection;
    const own = ownKey(collection);
    if (snapshot === undefined) {
      // Replaced without having been loaded: whatever is stored goes.
      const stored = prop.owner ? links.ofOwner(textOf(own)) : links.ofTarget(textOf(own));
      deletes.set(JSON.stringify(own), stored);
    }
    const { removed, added } = planOf(collection);
    for (const link of removed) {
      deletes.set(link.statement, [link]);
    }
    for (const link of added) {
      const statements = isLoaded ? inserts : upserts;
      if (prop.owner) {
        // The owning side decides where in the order the link is inserted.
        statements.delete(link.statement);
      }
      statements.set(link.statement, [link]);
    }
  }
  for (const link of [...deletes.values()].flat()) {
    links.delete(link);
  }
  for (const link of [...inserts.values(), ...upserts.values()].flat()) {
    links.add(link);
  }
}

interface PlannedLink extends Link {
  /** The values in its statement. */
  readonly statement: string;
}

function planOf(collection: DirtyCollection): {
  readonly removed: readonly PlannedLink[];
  readonly added: readonly PlannedLink[];
} {
  const { prop, items, snapshot = [] } = collection;
  const [known, current] = [plannedLinks(collection, snapshot), plannedLinks(collection, items)];
  const [had, has] = [known, current].map((links) => new Set(links.map(({ statement }) => statement)));
  const added = current.filter(({ statement }) => !had?.has(statement));
  const kept = known.filter(({ statement }) => has?.has(statement));
  // MikroORM (7.2) takes every addition to an ordered collection for another order, and writes the list anew.
  const isInOrder =
    kept.length === current.length && kept.every(({ statement }, i) => statement === current[i]?.statement);
  return prop.owner && prop.fixedOrder && !isInOrder && collection.snapshot
    ? { removed: known, added: current }
    : { removed: known.filter(({ statement }) => !has?.has(statement)), added };
}

function plannedLinks(collection: DirtyCollection, members: readonly object[]): readonly PlannedLink[] {
  const own = ownKey(collection);
  return linksOf(collection, members).map((link, i) => {
    const other = memberKey(collection, members[i] ?? {});
    return {
      ...link,
      statement: JSON.stringify(collection.prop.owner ? [...other, ...own] : [...own, ...other]),
    };
  });
}
