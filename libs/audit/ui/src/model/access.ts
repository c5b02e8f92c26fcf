/** A property as the reader may know it. */
export interface PropertyAccess {
  readonly path: string;
  readonly kind: 'scalar' | 'embedded' | 'json' | 'to-one' | 'to-many';
  /** Name of the JavaScript type, such as `Date`. */
  readonly type: string;
  readonly targetType: string | null;
  readonly masked: boolean;
}

type EntityPermission = 'history' | 'values' | 'export' | 'restore';

export interface EntityAccess {
  readonly type: string;
  /** Whether each tenant has its own, in a schema: their changes are of `type@schema`. */
  readonly perSchema: boolean;
  readonly properties: readonly PropertyAccess[];
  readonly partOfType: string | null;
  readonly permissions: Readonly<Record<EntityPermission, boolean>>;
}

/** The permissions of the reader. The server decides again at every request; this only hides what would be refused. */
export interface Access {
  readonly permissions: Readonly<Record<'list' | 'coverage' | EntityPermission, boolean>>;
  readonly entities: readonly EntityAccess[];
}

/**
 * The entity type, whatever the schema behind its name, with those that it leads to in the same schema; undefined when it is not among
 * those that the reader may see.
 */
export function entityAccess(access: Access, type: string): EntityAccess | undefined {
  const [name = type, schema] = type.split(/@(.*)/s);
  const found = access.entities.find((entity) => entity.type === name);
  if (!found || schema === undefined) return found;
  const typeOf = (other: string | null): string | null => typeIn(access, other, schema);
  return {
    ...found,
    type,
    partOfType: typeOf(found.partOfType),
    properties: found.properties.map((one) => ({ ...one, targetType: typeOf(one.targetType) })),
  };
}

/** An entity type in a schema, if each tenant has its own; null for none. */
export function typeIn(access: Access, type: string | null, schema: string): string | null {
  const isPerSchema = access.entities.some((entity) => entity.type === type && entity.perSchema);
  return isPerSchema ? `${type}@${schema}` : type;
}

/** The types of what is part of an entity. */
export function partTypes(access: Access, type: string): readonly string[] {
  const [name, schema] = type.split(/@(.*)/s);
  return access.entities.flatMap((entity) => {
    const part = schema === undefined ? entity.type : typeIn(access, entity.type, schema);
    return entity.partOfType === name && part !== null ? [part] : [];
  });
}

/** The property at a path, or the nearest one above it; undefined when there is none. */
export function propertyAccess(access: Access, type: string, path: string): PropertyAccess | undefined {
  const properties = entityAccess(access, type)?.properties ?? [];
  const exact = properties.find((property) => property.path === path);
  const dot = path.lastIndexOf('.');
  return exact ?? (dot > 0 ? propertyAccess(access, type, path.slice(0, dot)) : undefined);
}
