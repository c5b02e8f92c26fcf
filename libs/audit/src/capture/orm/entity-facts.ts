import {
  type EntityManager,
  type EntityMetadata,
  type EntityProperty,
  helper,
  Reference,
  ReferenceKind,
  Utils,
} from '@mikro-orm/core';

/** Values of one entity in MikroORM's database form, by property name. */
export type EntityValues = Readonly<Record<string, unknown>>;

/** The metadata of an entity's own class; that of the latest MikroORM instance where several have the class. */
export function metaOf(entity: object): EntityMetadata {
  return helper(entity).__meta;
}

/** False for a reference, of which only the key is known. */
export function isLoaded(entity: object): boolean {
  return helper(entity).__initialized === true;
}

/** True from the moment on when MikroORM has told its `onLoad` listeners of the entity. */
export function isLoadAnnounced(entity: object): boolean {
  return helper(entity).__onLoadFired === true;
}

/**
 * The values that MikroORM compares an entity with to find its changes: those that were loaded, merged, or sent last.
 * Undefined for an entity that was never stored. The object is replaced by each flush that writes the entity, by a merge
 * and when a reference loads itself, and changed in place by a query that completes it.
 */
export function snapshotOf(entity: object): EntityValues | undefined {
  return helper(entity).__originalEntityData;
}

/**
 * Whether MikroORM has let go of an entity that it had loaded: one that `em.refresh()` did not find, or that was deleted. Nothing says
 * which key its row had, or whether there is one.
 */
export function isLetGo(entity: object): boolean {
  return isLoaded(entity) && snapshotOf(entity) === undefined;
}

/**
 * Whether a query may have given null in place of a reference that the row has: MikroORM does where it joins the target, and a filter, a
 * condition or the class of the relation leaves that out. Entities keep the hints of all queries that have loaded them, with those that
 * MikroORM adds for filters; one that came along with another may have none.
 */
export function mayLackReference(entity: object, { name, embedded, kind, owner }: EntityProperty): boolean {
  const isReference =
    kind === ReferenceKind.MANY_TO_ONE || (kind === ReferenceKind.ONE_TO_ONE && owner === true);
  const { populate } = helper(entity).__serializationContext;
  const [root] = embedded ?? [name];
  return (
    isReference &&
    (populate === undefined ||
      populate.some(({ field, all }) => all === true || String(field).split(/[:.]/, 1)[0] === root))
  );
}

/** The EntityManager that has the entity; undefined when none has. */
export function managerOf(entity: object): EntityManager | undefined {
  return helper(entity).__em;
}

export function hasKey(entity: object): boolean {
  return helper(entity).hasPrimaryKey();
}

/** The value of a property as the entity has it now. */
export function valueIn(entity: object, name: string): unknown {
  return (entity as EntityValues)[name];
}

/** The entity behind a value of a relation: itself, or what a `Reference` wraps. Undefined for any other value. */
export function entityIn(value: unknown): object | undefined {
  const found = typeof value === 'object' && value !== null ? Reference.unwrapReference(value) : undefined;
  return found && Utils.isEntity<object>(found, true) ? found : undefined;
}

/**
 * The key of an entity, by property name, in the form and with the values that MikroORM sends for a delete. It
 * remembers the key that an entity had before a collection let go of it, which the entity itself may have lost.
 * @returns nothing for an entity that has no key yet
 */
export function keyOf(entity: object): EntityValues {
  const { __meta: meta } = helper(entity);
  const [only, second] = meta.primaryKeys;
  const key: unknown = helper(entity).getPrimaryKey(true);
  if (only === undefined || key === null || key === undefined) {
    return {};
  }
  if (second === undefined) {
    return { [only]: keyPart(meta.properties[only], key) };
  }
  return Object.fromEntries(
    meta.primaryKeys.map((name, i) => [
      name,
      keyPart(meta.properties[name], Array.isArray(key) ? key[i] : (key as EntityValues)[name]),
    ]),
  );
}

/** The values of the key columns of an entity, in database form; empty for an entity that has no key yet. */
export function keyColumnsOf(entity: object): readonly unknown[] {
  return Object.values(keyOf(entity)).flat(Number.POSITIVE_INFINITY);
}

/** The value of a property that the database maintains, in database form; undefined when the entity has none. */
export function managedValue(entity: object, { name, customType }: EntityProperty): unknown {
  const value = valueIn(entity, name);
  return value !== undefined && customType
    ? customType.convertToDatabaseValue(value, helper(entity).__platform, { mode: 'serialization' })
    : value;
}

/** A reference to a composite key is an object by property name here, and an array everywhere else. */
function keyPart(prop: EntityProperty | undefined, value: unknown): unknown {
  return prop?.targetMeta && Utils.isPlainObject(value)
    ? Utils.getCompositeKeyValue(value, prop.targetMeta)
    : value;
}
