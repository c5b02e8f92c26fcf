import {
  type Collection,
  type EntityManager,
  type EntityMetadata,
  type EntityProperty,
  ReferenceKind,
  type UnitOfWork,
  Utils,
} from '@mikro-orm/core';
import type { EntityCodec } from '../serialize/entity/entity-codec.js';
import type { CaptureEnvironment } from './capture-environment.js';
import type { NewKey } from './flush-subject.js';
import { type DirtyCollection, keyValues, recordedRelation } from './link-changes.js';
import { linksOf, ownKey, textOf } from './link-sync.js';
import { hasForeignKeys } from './link-table.js';
import { type LinkChange, RelationCapture } from './relation-capture.js';
import type { StateReader } from './state-reader.js';

/** What a flush does to the links of one entity in one relation. */
export interface RecordedLinks {
  readonly codec: EntityCodec;
  readonly entityId: string;
  /** Of the relation. */
  readonly name: string;
  readonly change: LinkChange;
  /** Of what the links lead to, by entity id, as far as it is loaded. */
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Changes of many-to-many links: synchronized collections, and links that are lost because one of their ends is
 * deleted. Each link is recorded once, on the side that the policy chose.
 */
export class LinkCapture {
  /** By link table, and by the class that shares it with others. */
  private readonly relations = new Map<string, RelationCapture>();

  constructor(
    private readonly environment: CaptureEnvironment,
    private readonly em: EntityManager,
  ) {}

  get isEmpty(): boolean {
    return this.relations.size === 0;
  }

  get isReadNeeded(): boolean {
    return [...this.relations.values()].some(
      ({ owners, targets, classes }) => owners.size + targets.size > 0 || classes.isReadNeeded,
    );
  }

  /** Owners that have synchronized collections, with or without a change set of their own. */
  get collectionOwners(): readonly object[] {
    return [...this.relations.values()].flatMap(({ collections }) => collections.map(({ owner }) => owner));
  }

  addCollection(collection: DirtyCollection): void {
    const declaring = this.em
      .getMetadata()
      .get<object>(collection.owner.constructor as never) as unknown as EntityMetadata;
    const capture = this.captureOf(collection.prop, declaring);
    if (!capture) {
      return;
    }
    capture.collections.push(collection);
    const isRecordedHere = collection.prop.owner === capture.relation.recordsOwner;
    for (const entity of isRecordedHere
      ? [collection.owner]
      : [...collection.items, ...(collection.snapshot ?? [])]) {
      capture.classes.note(entity);
    }
    capture.labels.note(
      isRecordedHere ? [...collection.items, ...(collection.snapshot ?? [])] : [collection.owner],
    );
    const isKnown = collection.isLoaded && !capture.alwaysReads && this.isTrusted(collection.collection);
    if (isKnown) {
      capture.known.push(...linksOf(collection, collection.snapshot ?? []));
    } else if (!collection.isOwnerNew) {
      const key = ownKey(collection);
      (collection.prop.owner ? capture.owners : capture.targets).set(textOf(key), key);
    }
  }

  /**
   * An entity is deleted, by the flush or by the cascade of it, and its links with it.
   * @param key in the order of the key columns
   * @param isEarly whether it is deleted before collections are synchronized
   * @param entity undefined when only its row is known
   * @returns whether its links have to be read
   */
  addDeletion(meta: EntityMetadata, key: readonly unknown[], isEarly: boolean, entity?: object): boolean {
    let isReadNeeded = false;
    for (const prop of meta.relations) {
      const capture = prop.kind === ReferenceKind.MANY_TO_MANY ? this.captureOf(prop, meta) : undefined;
      if (!capture) {
        continue;
      }
      const id = textOf(key);
      if (isEarly && entity) {
        capture.removedEarly.add(entity);
      }
      if (!this.hasForeignKeys(capture)) {
        // The links stay where they are.
        continue;
      }
      const deleted = isEarly ? capture.early : capture.late;
      (prop.owner ? deleted.owners : deleted.targets).add(id);
      const isFarEnd = prop.owner !== capture.relation.recordsOwner;
      capture.labels.note(isFarEnd && entity ? [entity] : []);
      const loaded = capture.alwaysReads ? undefined : entity && loadedCollection(entity, prop.name);
      const known = loaded && this.isTrusted(loaded) ? loaded.getSnapshot() : undefined;
      if (known) {
        capture.labels.note(isFarEnd ? [] : known);
        const others = known.map((member) => textOf(keyValues(member)));
        for (const member of entity && prop.owner === capture.relation.recordsOwner ? [entity] : known) {
          capture.classes.note(member);
        }
        capture.known.push(
          ...others.map((other) =>
            prop.owner ? { ownerId: id, targetId: other } : { ownerId: other, targetId: id },
          ),
        );
      } else {
        (prop.owner ? capture.owners : capture.targets).set(id, key);
        isReadNeeded = true;
      }
    }
    return isReadNeeded;
  }

  /** An entity is created by the flush, and deleted by the cascade of it. */
  addLost(entity: object): void {
    for (const capture of this.relations.values()) {
      if (this.hasForeignKeys(capture)) {
        capture.lost.add(entity);
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
      if (capture && capture.relation.recordsOwner !== prop.owner && this.hasForeignKeys(capture)) {
        (prop.owner ? capture.owners : capture.targets).set(id, key);
        (prop.owner ? capture.renamedOwners : capture.renamedTargets).set(id, newKey);
      }
    }
  }

  /** MikroORM does not take the snapshots of collections back when the transaction is rolled back. */
  noteSynchronized(transaction: object): void {
    for (const { collections } of this.relations.values()) {
      for (const { collection } of collections) {
        this.environment.snapshots.noteSynchronized(collection, transaction);
      }
    }
  }

  /** The database has removed or moved links that loaded collections believe to know. */
  distrustAffected(unitOfWork: UnitOfWork): void {
    const { snapshots } = this.environment;
    for (const capture of this.relations.values()) {
      for (const collection of capture.passiveCollections(unitOfWork)) {
        snapshots.distrustCollection(collection);
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
      const { recordsOwner } = capture.relation;
      const ids = capture.stored.map(({ ownerId, targetId }) => (recordsOwner ? ownerId : targetId));
      await capture.classes.read(ids, reader);
    }
  }

  /** Ask when all keys are known, that is after the statements. */
  *changes(unitOfWork: UnitOfWork): Generator<RecordedLinks> {
    for (const capture of this.relations.values()) {
      const { name } = capture.relation.collection;
      const labelsOf = capture.labels.labeller(unitOfWork);
      for (const [entityId, change] of capture.changes()) {
        const codec = capture.classes.of(entityId);
        if (codec?.policy.collections.has(name)) {
          yield { codec, entityId, name, change, labels: labelsOf(change.before, change.after) };
        }
      }
    }
  }

  private hasForeignKeys({ relation }: RelationCapture): boolean {
    return hasForeignKeys(relation.owning, this.em.config.get('schemaGenerator').createForeignKeyConstraints);
  }

  private isTrusted(collection: Collection<object>): boolean {
    const transaction = this.em.getTransactionContext<object>();
    return this.environment.snapshots.isTrustedCollection(collection, transaction);
  }

  private captureOf(prop: EntityProperty, declaring: EntityMetadata): RelationCapture | undefined {
    const relation = recordedRelation(prop, declaring, this.environment.policyOf);
    if (!relation) {
      return undefined;
    }
    const { pivotTable, discriminatorValue } = relation.owning;
    const key = JSON.stringify([pivotTable, discriminatorValue]);
    const capture =
      this.relations.get(key) ??
      new RelationCapture(relation, this.environment.codecs, this.environment.policyOf);
    this.relations.set(key, capture);
    return capture;
  }
}

/** Undefined when the collection is not, or not wholly, loaded. */
function loadedCollection(entity: object, name: string): Collection<object> | undefined {
  const collection: unknown = (entity as Record<string, unknown>)[name];
  return Utils.isCollection<object>(collection) && collection.isInitialized() && !collection.isPartial()
    ? collection
    : undefined;
}
