// The marks that MikroORM 7 itself goes by (Reference.isReference, EntityHelper.isEntity, Collection.isCollection).
// Registered symbols: they work across realms and copies of the package, and no JSON payload can forge them, as it could
// forge a property named `__entity`. Nothing here loads: the primary key of an unloaded reference is already in memory.
const entityMark = Symbol.for('@mikro-orm/core/EntityHelper.entity');
const referenceMark = Symbol.for('@mikro-orm/core/Reference');
const collectionMark = Symbol.for('@mikro-orm/core/Collection');
const scalarReferenceMark = Symbol.for('@mikro-orm/core/ScalarReference');
const rawFragmentMark = '__mikroOrmRawFragment';

/** A MikroORM object found inside a value, reduced to what can be read without loading. */
export type OrmValue =
  | { readonly kind: 'entity'; readonly className: string | null; readonly primaryKey: unknown }
  /** `items` is null when the collection is not loaded. */
  | { readonly kind: 'collection'; readonly items: readonly unknown[] | null }
  | { readonly kind: 'scalar'; readonly loaded: boolean; readonly value: unknown }
  | { readonly kind: 'raw' };

interface EntityLike {
  readonly __meta?: { readonly className?: unknown };
  readonly __helper?: { getPrimaryKey(): unknown };
}

interface CollectionLike {
  isInitialized(): boolean;
  getItems(check: boolean): readonly unknown[];
}

interface ScalarReferenceLike {
  isInitialized(): boolean;
  unwrap(): unknown;
}

/** Recognizes MikroORM's entities, references, collections and raw SQL; null for any other object. May throw. */
export function ormValue(value: object): OrmValue | null {
  if (Object.hasOwn(value, referenceMark) || Reflect.get(value, entityMark) === true) {
    const entity = value as EntityLike;
    const className = entity.__meta?.className;
    return {
      kind: 'entity',
      className: typeof className === 'string' ? className : null,
      primaryKey: primaryKeyOf(entity),
    };
  }
  if (Object.hasOwn(value, collectionMark)) {
    const collection = value as CollectionLike;
    return { kind: 'collection', items: collection.isInitialized() ? collection.getItems(false) : null };
  }
  if (Object.hasOwn(value, scalarReferenceMark)) {
    const reference = value as ScalarReferenceLike;
    return { kind: 'scalar', loaded: reference.isInitialized(), value: reference.unwrap() };
  }
  return rawFragmentMark in value && !Object.hasOwn(value, rawFragmentMark) ? { kind: 'raw' } : null;
}

/**
 * True for instances of classes that MikroORM manages, embeddables included. Their `toJSON` is the ORM's own: it hides
 * properties and serializes relations, so that it does not tell what is stored.
 */
export function isOrmManaged(value: object): boolean {
  return '__meta' in value && !Object.hasOwn(value, '__meta');
}

function primaryKeyOf(entity: EntityLike): unknown {
  try {
    return entity.__helper?.getPrimaryKey() ?? null;
  } catch {
    // A composite key with a part that is not set yet.
    return null;
  }
}
