import {
  type Collection,
  type EntityMetadata,
  type EntityProperty,
  helper,
  type MetadataStorage,
  Reference,
  ReferenceKind,
  type UnitOfWork,
  Utils,
} from '@mikro-orm/core';
import type { AuditedCollection, EntityPolicy } from '../policy/entity-policy.js';

/** A collection that the flush will synchronize, as it was before the first statement. */
export interface DirtyCollection {
  readonly collection: Collection<object>;
  readonly owner: object;
  readonly prop: EntityProperty;
  /** The side of a many-to-many relation that owns the link table; else the same. */
  readonly owning: EntityProperty;
  /** Members at the last synchronization; undefined when the collection is replaced without having been loaded. */
  readonly snapshot: readonly object[] | undefined;
  readonly items: readonly object[];
  /** False when MikroORM does not know the other members. */
  readonly isLoaded: boolean;
  /** True when the owner is inserted by the flush. */
  readonly isOwnerNew: boolean;
  /**
   * Children that MikroORM attaches with a statement of its own, because some are not loaded, although their change
   * sets do not say so.
   */
  readonly attached: readonly object[];
}

/** The many-to-many relation that a collection of either side belongs to, from the side the trail records it on. */
export interface RecordedRelation {
  readonly policy: EntityPolicy;
  readonly collection: AuditedCollection;
  /** True when the recording side is the one that owns the pivot table. */
  readonly recordsOwner: boolean;
  /** The property of the owning side, which knows the pivot table. */
  readonly owning: EntityProperty;
  readonly owningMeta: EntityMetadata;
}

/** The dirty collections of a flush; MikroORM forgets what was in them once they are synchronized. */
export function dirtyCollections(
  unitOfWork: UnitOfWork,
  metadata: MetadataStorage,
): readonly DirtyCollection[] {
  const collections = new Set<Collection<object>>(unitOfWork.getCollectionUpdates() as Collection<object>[]);
  for (const [, , value] of unitOfWork.getExtraUpdates()) {
    // A many-to-many relation between new entities that refer to each other waits among the extra updates.
    if (isCollection(value)) {
      collections.add(value);
    }
  }
  let known: ReadonlySet<object> | undefined;
  const updated = () => (known ??= updatedEntities(unitOfWork));
  return [...collections]
    .filter((collection) => collection.isDirty())
    .map((collection) => ({
      collection,
      owner: collection.owner,
      ...sidesOf(collection, metadata),
      snapshot: collection.getSnapshot()?.slice(),
      items: collection.getItems(false).slice(),
      isLoaded: collection.isInitialized(),
      isOwnerNew: helper(collection.owner).__originalEntityData === undefined,
      attached: attachedBy(collection, unitOfWork, updated),
    }));
}

/** Entities that the flush updates; MikroORM then takes them for loaded, before it comes to collections. */
function updatedEntities(unitOfWork: UnitOfWork): ReadonlySet<object> {
  const changeSets = [
    ...unitOfWork.getChangeSets(),
    ...[...unitOfWork.getExtraUpdates()].flatMap((extra) => extra[3] ?? []),
  ];
  return new Set(changeSets.flatMap((one) => (one.type.startsWith('update') ? [one.entity as object] : [])));
}

function attachedBy(
  collection: Collection<object>,
  unitOfWork: UnitOfWork,
  updated: () => ReadonlySet<object>,
): readonly object[] {
  const { owner, property } = collection;
  const [items, snapshot] = [collection.getItems(false), collection.getSnapshot()];
  const notLoaded = items.filter((item) => !helper(item).__initialized);
  const isPartlyLoaded = notLoaded.length > 0 && notLoaded.some((item) => !updated().has(item));
  if (property.kind !== ReferenceKind.ONE_TO_MANY || !snapshot || !isPartlyLoaded) {
    return [];
  }
  const isOfOwner = (item: object): boolean =>
    unitOfWork.getIdentityMap().getByEntity(item) === item &&
    Reference.unwrapReference((item as Record<string, object>)[property.mappedBy] ?? {}) === owner;
  return items.filter((item) => !snapshot.includes(item) && keyValues(item).length > 0 && !isOfOwner(item));
}

/** Where the links of a relation are recorded; undefined when neither side is audited, or the relation is ignored. */
export function recordedRelation(
  prop: EntityProperty,
  declaringMeta: EntityMetadata,
  policyOf: (meta: EntityMetadata) => EntityPolicy | undefined,
): RecordedRelation | undefined {
  const owning = owningSide(prop);
  const owningMeta = prop.owner ? declaringMeta : prop.targetMeta;
  if (prop.kind !== ReferenceKind.MANY_TO_MANY || !owning || !owningMeta) {
    return undefined;
  }
  const ownerPolicy = policyOf(owningMeta);
  const ownerCollection = ownerPolicy?.collections.get(owning.name);
  if (ownerPolicy && ownerCollection) {
    return { policy: ownerPolicy, collection: ownerCollection, recordsOwner: true, owning, owningMeta };
  }
  const inverseMeta = owning.targetMeta;
  const inverseName = owning.inversedBy;
  const inversePolicy = inverseMeta && policyOf(inverseMeta);
  const inverseCollection =
    inverseName === undefined ? undefined : inversePolicy?.collections.get(inverseName);
  return inversePolicy && inverseCollection
    ? { policy: inversePolicy, collection: inverseCollection, recordsOwner: false, owning, owningMeta }
    : undefined;
}

/** The values of an entity's key in database form, in the order of the key columns. */
export function keyValues(entity: object): readonly unknown[] {
  const keys: readonly unknown[] = helper(entity).getPrimaryKeys(true) ?? [];
  return keys.some(Array.isArray) ? keys.flat(Number.POSITIVE_INFINITY) : keys;
}

/** The collection's own property may be that of another MikroORM instance that has the same class. */
function sidesOf(
  { owner, property }: Collection<object>,
  metadata: MetadataStorage,
): Pick<DirtyCollection, 'prop' | 'owning'> {
  const { properties } = metadata.get<object>(owner.constructor as never);
  const prop = (properties as Record<string, EntityProperty>)[property.name] ?? property;
  return { prop, owning: owningSide(prop) ?? prop };
}

function owningSide(prop: EntityProperty): EntityProperty | undefined {
  return prop.owner || prop.kind !== ReferenceKind.MANY_TO_MANY
    ? prop
    : prop.targetMeta?.properties[prop.mappedBy as never];
}

function isCollection(value: unknown): value is Collection<object> {
  return Utils.isCollection(value);
}
