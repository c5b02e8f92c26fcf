import {
  type EntityMetadata,
  type EntityProperty,
  helper,
  type MetadataStorage,
  ReferenceKind,
  Utils,
} from '@mikro-orm/core';
import type { JsonObject, JsonValue } from '../model/json.js';
import { keyText } from '../serialize/key-text.js';
import { encodeLinkList, encodeLinks } from '../serialize/links.js';
import type { CaptureEnvironment } from './capture-environment.js';
import type { NewKey } from './flush-subject.js';
import { type DirtyCollection, keyValues, type RecordedRelation, recordedRelation } from './link-changes.js';
import { LinkSet } from './link-set.js';
import type { Link, StateReader } from './state-reader.js';

/** Links of one entity on the side that records them. */
export interface LinkChange {
  readonly before: JsonObject;
  readonly after: JsonObject;
}

/** What the flush does to one many-to-many relation, seen from its owning side. */
class RelationCapture {
  readonly collections: DirtyCollection[] = [];
  readonly owners = new Map<string, readonly unknown[]>();
  readonly targets = new Map<string, readonly unknown[]>();
  readonly deletedOwners = new Set<string>();
  readonly deletedTargets = new Set<string>();
  /** Targets that get another key; the pivot rows follow it. */
  readonly renamedTargets = new Map<string, NewKey>();
  readonly renamedOwners = new Map<string, NewKey>();
  /** Links as they are before the flush, where a loaded collection knows them. */
  readonly known: Link[] = [];
  /** Links as they are before the flush, where they had to be read. */
  stored: readonly Link[] = [];

  constructor(readonly relation: RecordedRelation) {}
}

/**
 * Changes of many-to-many links: synchronized collections, and links that are lost because one of their ends is
 * deleted. Each link is recorded once, on the side that the policy chose.
 */
export class LinkCapture {
  private readonly relations = new Map<EntityProperty, RelationCapture>();

  constructor(
    private readonly environment: CaptureEnvironment,
    private readonly metadata: MetadataStorage,
  ) {}

  get isEmpty(): boolean {
    return this.relations.size === 0;
  }

  get isReadNeeded(): boolean {
    return [...this.relations.values()].some(({ owners, targets }) => owners.size + targets.size > 0);
  }

  /** Owners that have synchronized collections, with or without a change set of their own. */
  get collectionOwners(): readonly object[] {
    return [...this.relations.values()].flatMap(({ collections }) => collections.map(({ owner }) => owner));
  }

  addCollection(collection: DirtyCollection): void {
    const declaring = this.metadata.get<object>(
      collection.owner.constructor as never,
    ) as unknown as EntityMetadata;
    const capture = this.captureOf(collection.prop, declaring);
    if (!capture) {
      return;
    }
    capture.collections.push(collection);
    const exact = capture.relation.policy.exact;
    const isFresh = helper(collection.owner).__originalEntityData === undefined;
    const isKnown = collection.isLoaded && collection.snapshot !== undefined && !exact;
    if (!isKnown && !isFresh) {
      const key = keyValues(collection.owner);
      (collection.prop.owner ? capture.owners : capture.targets).set(textOf(key), key);
    }
  }

  /**
   * An entity is deleted, by the flush or by the cascade of it, and its links with it.
   * @param key in the order of the key columns
   * @param entity undefined when only its row is known
   */
  addDeletion(meta: EntityMetadata, key: readonly unknown[], entity?: object): void {
    const id = textOf(key);
    for (const prop of meta.relations) {
      const capture = prop.kind === ReferenceKind.MANY_TO_MANY ? this.captureOf(prop, meta) : undefined;
      if (!capture) {
        continue;
      }
      (prop.owner ? capture.deletedOwners : capture.deletedTargets).add(id);
      const known = capture.relation.policy.exact ? undefined : entity && loadedMembers(entity, prop.name);
      if (known) {
        const others = known.map((member) => textOf(keyValues(member)));
        capture.known.push(
          ...others.map((other) =>
            prop.owner ? { ownerId: id, targetId: other } : { ownerId: other, targetId: id },
          ),
        );
      } else {
        (prop.owner ? capture.owners : capture.targets).set(id, key);
      }
    }
  }

  /**
   * The pivot rows follow a new key, which the other end sees as another link.
   * @param key values of the key columns before
   */
  addKeyChange(meta: EntityMetadata, key: readonly unknown[], newKey: NewKey): void {
    const id = textOf(key);
    for (const prop of meta.relations) {
      const capture = prop.kind === ReferenceKind.MANY_TO_MANY ? this.captureOf(prop, meta) : undefined;
      if (capture && capture.relation.recordsOwner !== prop.owner) {
        (prop.owner ? capture.owners : capture.targets).set(id, key);
        (prop.owner ? capture.renamedOwners : capture.renamedTargets).set(id, newKey);
      }
    }
  }

  /** One read per pivot table. */
  async read(reader: StateReader): Promise<void> {
    const ordered = [...this.relations.values()].sort((one, other) =>
      String(one.relation.owning.pivotTable) < String(other.relation.owning.pivotTable) ? -1 : 1,
    );
    for (const capture of ordered) {
      if (capture.owners.size + capture.targets.size > 0) {
        capture.stored = await reader.links(capture.relation.owning, {
          owners: [...capture.owners.values()],
          targets: [...capture.targets.values()],
        });
      }
    }
  }

  /** The changes by relation; ask when all keys are known, that is after the statements. */
  changes(): readonly {
    readonly relation: RecordedRelation;
    readonly byEntity: ReadonlyMap<string, LinkChange>;
  }[] {
    return [...this.relations.values()].map((capture) => ({
      relation: capture.relation,
      byEntity: changesOf(capture),
    }));
  }

  private captureOf(prop: EntityProperty, declaring: EntityMetadata): RelationCapture | undefined {
    const relation = recordedRelation(prop, declaring, this.environment.policyOf);
    if (!relation) {
      return undefined;
    }
    const capture = this.relations.get(relation.owning) ?? new RelationCapture(relation);
    this.relations.set(relation.owning, capture);
    return capture;
  }
}

function changesOf(capture: RelationCapture): ReadonlyMap<string, LinkChange> {
  const isOrdered = capture.relation.owning.fixedOrder === true;
  const [before, after] = [new LinkSet(isOrdered), new LinkSet(isOrdered)];
  const known = capture.collections.flatMap((collection) => knownLinks(collection, capture));
  for (const link of [...capture.stored, ...withoutRepetitions([...capture.known, ...known], isOrdered)]) {
    before.add(link);
    after.add(link);
  }
  synchronize(capture, after);
  for (const ownerId of capture.deletedOwners) {
    for (const link of after.ofOwner(ownerId)) {
      after.delete(link);
    }
  }
  for (const targetId of capture.deletedTargets) {
    for (const link of after.ofTarget(targetId)) {
      after.delete(link);
    }
  }
  for (const [targetId, newKey] of capture.renamedTargets) {
    for (const link of after.ofTarget(targetId)) {
      after.delete(link);
      after.add({ ...link, targetId: textOf(newKey()) });
    }
  }
  for (const [ownerId, newKey] of capture.renamedOwners) {
    for (const link of after.ofOwner(ownerId)) {
      after.delete(link);
      after.add({ ...link, ownerId: textOf(newKey()) });
    }
  }
  return differences(before, after, capture.relation);
}

function differences(
  before: LinkSet,
  after: LinkSet,
  relation: RecordedRelation,
): ReadonlyMap<string, LinkChange> {
  const changes = new Map<string, LinkChange>();
  const { recordsOwner, collection } = relation;
  const idsIn = (links: LinkSet, recordedId: string): readonly string[] =>
    recordsOwner
      ? links.ofOwner(recordedId).map((link) => link.targetId)
      : links.ofTarget(recordedId).map((link) => link.ownerId);
  const recordedIds = [before, after].flatMap((links) => [...(recordsOwner ? links.owners : links.targets)]);
  for (const id of new Set(recordedIds)) {
    const was = idsIn(before, id);
    const is = idsIn(after, id);
    if (collection.ordered) {
      if (JSON.stringify(was) !== JSON.stringify(is)) {
        changes.set(id, { before: encodeLinkList(was), after: encodeLinkList(is) });
      }
      continue;
    }
    const lost = new Set(was).difference(new Set(is));
    const came = new Set(is).difference(new Set(was));
    if (lost.size + came.size > 0) {
      changes.set(id, { before: encodeLinks(lost), after: encodeLinks(came) });
    }
  }
  return changes;
}

/** Members of a collection at its last synchronization; undefined when it is not, or not wholly, loaded. */
function loadedMembers(entity: object, name: string): readonly object[] | undefined {
  const collection: unknown = (entity as Record<string, unknown>)[name];
  return Utils.isCollection<object>(collection) && collection.isInitialized() && !collection.isPartial()
    ? collection.getSnapshot()
    : undefined;
}

function textOf(key: readonly unknown[]): string {
  return keyText(key.map((part): JsonValue => (typeof part === 'number' ? part : String(part))));
}
