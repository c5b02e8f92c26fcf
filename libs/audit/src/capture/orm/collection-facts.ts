import {
  type Collection,
  type EntityManager,
  type EntityMetadata,
  type EntityProperty,
  ReferenceKind,
  type UnitOfWork,
  Utils,
} from '@mikro-orm/core';
import type { RowName } from '../../model/row-map.js';
import { propertiesOf } from '../../policy/metadata-properties.js';
import { entityIn, isLoaded, keyColumnsOf, snapshotOf, valueIn } from './entity-facts.js';
import { isManaged } from './identity-map.js';
import { type Link, owningSide, targetKey } from './link-table.js';
import { columnText } from './row-key.js';
import { linkSchema, schemaAround, schemaOf } from './schema-facts.js';

/** A collection that the flush will synchronize, as it was before the first statement. */
export interface DirtyCollection extends CollectionEnd {
  readonly collection: Collection<object>;
  readonly prop: EntityProperty;
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

const NONE: readonly DirtyCollection[] = [];
const NO_ENTITIES: ReadonlySet<object> = new Set();

/** The dirty collections of a flush; MikroORM forgets their members once they are synchronized. */
export function dirtyCollections(unitOfWork: UnitOfWork, em: EntityManager): readonly DirtyCollection[] {
  const collections = new Set<Collection<object>>(unitOfWork.getCollectionUpdates() as Collection<object>[]);
  if (collections.size + unitOfWork.getExtraUpdates().size === 0) {
    return NONE;
  }
  const postponed = postponedCollections(unitOfWork);
  const dirty = [...new Set([...collections, ...postponed.keys()])]
    .filter((collection) => collection.isDirty())
    .map((collection) => ({ collection, ...sidesOf(collection, postponed.get(collection), em) }));
  const updated = dirty.some(({ prop }) => isOneToMany(prop)) ? updatedEntities(unitOfWork) : NO_ENTITIES;
  return dirty.map(({ collection, prop, owning }) => ({
    collection,
    owner: collection.owner,
    prop,
    owning,
    around: schemaAround(collection.owner, em),
    snapshot: collection.getSnapshot()?.slice(),
    items: collection.getItems(false).slice(),
    isLoaded: collection.isInitialized(),
    isOwnerNew: snapshotOf(collection.owner) === undefined,
    attached: attachedBy(collection, prop, unitOfWork, updated),
  }));
}

/** One end of some links: the entity that has a collection, and the side of the relation that it is on. */
export interface CollectionEnd {
  readonly owner: object;
  readonly prop: { readonly owner: boolean };
  /** The side of a many-to-many relation that owns the link table; else the same. */
  readonly owning: EntityProperty;
  /** The schema from which the entity is seen. */
  readonly around: string;
}

/** The values by which links refer to the entity that has the collection. */
export function ownColumns({ owner, prop, owning }: Omit<CollectionEnd, 'around'>): readonly unknown[] {
  return prop.owner ? keyColumnsOf(owner) : targetKey(owning, owner);
}

/** The name of one end of links, among those of rows. */
export function linkEnd(
  { owning, around }: Pick<CollectionEnd, 'owning' | 'around'>,
  isOwner: boolean,
  id: string,
  em: EntityManager,
): RowName {
  const table = `${linkSchema(owning, around, em)}.${owning.pivotTable}`;
  return { table, text: columnText([isOwner, id]) };
}

/**
 * Whether an entity has its links in another schema than that of the EntityManager, from which MikroORM loads them where all tenants
 * share the other ends.
 */
export function isOfOtherSchema({ owning, around }: CollectionEnd, em: EntityManager): boolean {
  return linkSchema(owning, around, em) !== linkSchema(owning, schemaOf(em), em);
}

/** The links of a collection to some of its members. */
export function linksOf(
  collection: Omit<CollectionEnd, 'around'>,
  members: readonly object[],
): readonly Link[] {
  const { prop, owning } = collection;
  const own = columnText(ownColumns(collection));
  return members.map((member) => {
    const other = columnText(prop.owner ? targetKey(owning, member) : keyColumnsOf(member));
    return prop.owner ? { ownerId: own, targetId: other } : { ownerId: other, targetId: own };
  });
}

/** The collection of an entity; undefined when the value is something else. */
export function collectionOf(entity: object, name: string): Collection<object> | undefined {
  const value = valueIn(entity, name);
  return isCollection(value) ? value : undefined;
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
  prop: EntityProperty,
  unitOfWork: UnitOfWork,
  updated: ReadonlySet<object>,
): readonly object[] {
  const { owner } = collection;
  const snapshot = collection.getSnapshot();
  if (!isOneToMany(prop) || !snapshot) {
    return [];
  }
  const items = collection.getItems(false);
  const isPartlyLoaded = items.some((item) => !isLoaded(item) && !updated.has(item));
  const isOfOwner = (item: object): boolean =>
    isManaged(unitOfWork, item) && entityIn(valueIn(item, prop.mappedBy)) === owner;
  return isPartlyLoaded
    ? items.filter((item) => !snapshot.includes(item) && keyColumnsOf(item).length > 0 && !isOfOwner(item))
    : [];
}

/**
 * The collections of new entities that refer to each other, by the names of their properties: they wait among the extra
 * updates, and their owners do not have them until then.
 */
function postponedCollections(unitOfWork: UnitOfWork): ReadonlyMap<Collection<object>, string> {
  const postponed = new Map<Collection<object>, string>();
  for (const [, names, values] of unitOfWork.getExtraUpdates()) {
    for (const [i, name] of [names].flat().entries()) {
      const value = Array.isArray(names) ? (values as readonly unknown[])[i] : values;
      if (isCollection(value)) {
        postponed.set(value, name);
      }
    }
  }
  return postponed;
}

/** The collection's own property may be that of another MikroORM instance that has the same class. */
function sidesOf(
  collection: Collection<object>,
  postponedName: string | undefined,
  em: EntityManager,
): Pick<DirtyCollection, 'prop' | 'owning'> {
  const own = em.getMetadata().get<object>(collection.owner.constructor as never);
  const { [postponedName ?? collection.property.name]: known } = propertiesOf(
    own as unknown as EntityMetadata,
  );
  const prop = known ?? collection.property;
  return { prop, owning: owningSide(prop) ?? prop };
}

function isOneToMany({ kind }: EntityProperty): boolean {
  return kind === ReferenceKind.ONE_TO_MANY;
}

function isCollection(value: unknown): value is Collection<object> {
  return Utils.isCollection(value);
}
