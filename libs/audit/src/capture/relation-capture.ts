import type { EntityMetadata, UnitOfWork } from '@mikro-orm/core';
import type { JsonObject } from '../model/json.js';
import type { EntityCodecs } from '../serialize/entity/entity-codec.js';
import { encodeLinkList, encodeLinks } from '../serialize/entity/links.js';
import type { NewKey } from './flush-subject.js';
import type { DirtyCollection, RecordedRelation } from './link-changes.js';
import { LinkLabels } from './link-labels.js';
import { LinkSet } from './link-set.js';
import { linksOf, synchronize, textOf } from './link-sync.js';
import { managedEntity } from './managed-entity.js';
import { RecordedClasses } from './recorded-classes.js';
import type { PolicyLookup } from './root-of.js';
import type { Link } from './state-reader.js';

/** Links of one entity on the side that records them. */
export interface LinkChange {
  readonly before: JsonObject;
  readonly after: JsonObject;
  /** Of a row that is deleted and inserted again these are all links, not the difference. */
  readonly row: 'kept' | 'deleted' | 'recreated';
}

/** Ids of entities that are deleted. */
interface DeletedEnds {
  readonly owners: Set<string>;
  readonly targets: Set<string>;
}

/** What the flush does to one many-to-many relation, seen from its owning side. */
export class RelationCapture {
  readonly collections: DirtyCollection[] = [];
  readonly owners = new Map<string, readonly unknown[]>();
  readonly targets = new Map<string, readonly unknown[]>();
  /** Deleted before the collections are synchronized. */
  readonly early: DeletedEnds = { owners: new Set(), targets: new Set() };
  /** MikroORM takes them out of the collections that it knows. */
  readonly removedEarly = new Set<object>();
  /** Deleted after everything else. */
  readonly late: DeletedEnds = { owners: new Set(), targets: new Set() };
  /** New entities that the flush deletes again; their keys are known only after the statements. */
  readonly lost = new Set<object>();
  /** Targets that get another key; the pivot rows follow it. */
  readonly renamedTargets = new Map<string, NewKey>();
  readonly renamedOwners = new Map<string, NewKey>();
  /** Links as they are before the flush, where a loaded collection knows them. */
  readonly known: Link[] = [];
  /** Links that the database has removed or moved by itself; known after `changes()`. */
  readonly passive: Link[] = [];
  /** Links as they are before the flush, where they had to be read. */
  stored: readonly Link[] = [];

  readonly classes: RecordedClasses;
  readonly labels: LinkLabels;

  constructor(
    readonly relation: RecordedRelation,
    codecs: EntityCodecs,
    policyOf: PolicyLookup,
  ) {
    this.classes = new RecordedClasses(relation.policy.meta, codecs);
    const { owning, owningMeta, recordsOwner } = relation;
    this.labels = new LinkLabels(recordsOwner ? owning.targetMeta : owningMeta, policyOf);
  }

  /** The link table of an ordered relation can have the same link twice, which a collection does not know. */
  get alwaysReads(): boolean {
    return this.relation.policy.exact || this.relation.owning.fixedOrder === true;
  }

  /** The dirty collections as they are when they are synchronized. */
  get remainingCollections(): readonly DirtyCollection[] {
    return this.removedEarly.size === 0
      ? this.collections
      : this.collections.map((collection) =>
          collection.isOwnerNew
            ? collection
            : { ...collection, items: collection.items.filter((item) => !this.removedEarly.has(item)) },
        );
  }

  /** Changes by the text of the key of the entity that records them; ask when all keys are known. */
  changes(): ReadonlyMap<string, LinkChange> {
    return changesOf(this);
  }

  /** Collections that the unit of work has loaded, and of which the database has removed or moved links. */
  passiveCollections(unitOfWork: UnitOfWork): readonly unknown[] {
    const { owning, owningMeta } = this.relation;
    const member = (meta: EntityMetadata | undefined, id: string, name: string | undefined): unknown => {
      const entity = meta && name !== undefined ? managedEntity(unitOfWork, meta, id) : undefined;
      return entity && (entity as Record<string, unknown>)[name ?? ''];
    };
    return this.passive.flatMap(({ ownerId, targetId }) => [
      member(owningMeta, ownerId, owning.name),
      member(owning.targetMeta, targetId, owning.inversedBy),
    ]);
  }
}

/** Follows the order of the statements. */
function changesOf(capture: RelationCapture): ReadonlyMap<string, LinkChange> {
  const isOrdered = capture.relation.owning.fixedOrder === true;
  const [before, after] = [new LinkSet(isOrdered), new LinkSet(isOrdered)];
  for (const link of [...capture.stored, ...capture.known]) {
    before.add(link);
    after.add(link);
  }
  const remove = (links: readonly Link[]): void => {
    capture.passive.push(...links);
    for (const link of links) {
      after.delete(link);
    }
  };
  remove(linksOfEnds(capture.early, after));
  for (const [targetId, newKey] of capture.renamedTargets) {
    const links = after.ofTarget(targetId);
    remove(links);
    for (const link of links) {
      after.add({ ...link, targetId: textOf(newKey()) });
    }
  }
  for (const [ownerId, newKey] of capture.renamedOwners) {
    const links = after.ofOwner(ownerId);
    remove(links);
    for (const link of links) {
      after.add({ ...link, ownerId: textOf(newKey()) });
    }
  }
  synchronize(capture.remainingCollections, after);
  remove(lostLinks(capture));
  remove(linksOfEnds(capture.late, after));
  return differences(before, after, capture);
}

function linksOfEnds({ owners, targets }: DeletedEnds, links: LinkSet): readonly Link[] {
  return [
    ...[...owners].flatMap((id) => links.ofOwner(id)),
    ...[...targets].flatMap((id) => links.ofTarget(id)),
  ];
}

function lostLinks({ lost, collections }: RelationCapture): readonly Link[] {
  return collections.flatMap((collection) => {
    const { owner, items } = collection;
    return linksOf(collection, lost.has(owner) ? items : items.filter((item) => lost.has(item)));
  });
}

function differences(
  before: LinkSet,
  after: LinkSet,
  { relation, early, late }: RelationCapture,
): ReadonlyMap<string, LinkChange> {
  const changes = new Map<string, LinkChange>();
  const { recordsOwner, collection } = relation;
  const [deletedFirst, deletedLast] = [early, late].map((ends) =>
    recordsOwner ? ends.owners : ends.targets,
  );
  const idsIn = (links: LinkSet, recordedId: string): readonly string[] =>
    recordsOwner
      ? links.ofOwner(recordedId).map((link) => link.targetId)
      : links.ofTarget(recordedId).map((link) => link.ownerId);
  const recordedIds = [before, after].flatMap((links) => [...(recordsOwner ? links.owners : links.targets)]);
  for (const id of new Set(recordedIds)) {
    const was = idsIn(before, id);
    const is = idsIn(after, id);
    const isRecreated = deletedFirst?.has(id) && is.length > 0;
    const row = isRecreated ? 'recreated' : deletedLast?.has(id) ? 'deleted' : 'kept';
    if (collection.ordered) {
      if (isRecreated || JSON.stringify(was) !== JSON.stringify(is)) {
        changes.set(id, { before: encodeLinkList(was), after: encodeLinkList(is), row });
      }
      continue;
    }
    if (isRecreated) {
      changes.set(id, { before: encodeLinks(was), after: encodeLinks(is), row });
      continue;
    }
    const lost = new Set(was).difference(new Set(is));
    const came = new Set(is).difference(new Set(was));
    if (lost.size + came.size > 0) {
      changes.set(id, { before: encodeLinks(lost), after: encodeLinks(came), row });
    }
  }
  return changes;
}
