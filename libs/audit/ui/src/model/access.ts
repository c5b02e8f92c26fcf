/** A property as the reader may know it. */
export interface PropertyAccess {
  readonly path: string;
  readonly kind: 'scalar' | 'embedded' | 'json' | 'to-one' | 'to-many';
  /** Name of the JavaScript type, such as `Date`. */
  readonly type: string;
  readonly targetType: string | null;
  readonly masked: boolean;
}

type EntityAction = 'history' | 'values' | 'export' | 'restore';

export interface EntityAccess {
  readonly type: string;
  readonly properties: readonly PropertyAccess[];
  readonly rootType: string | null;
  readonly actions: Readonly<Record<EntityAction, boolean>>;
}

/** What the reader may do. The server decides again at every request; this only hides what would be refused. */
export interface Access {
  readonly actions: Readonly<Record<'list' | EntityAction, boolean>>;
  readonly entities: readonly EntityAccess[];
}

/** The entity type; undefined when it is not among those that the reader may see. */
export function entityAccess(access: Access, type: string): EntityAccess | undefined {
  return access.entities.find((entity) => entity.type === type);
}

/** The property at a path, or the nearest one above it; undefined when there is none. */
export function propertyAccess(access: Access, type: string, path: string): PropertyAccess | undefined {
  const properties = entityAccess(access, type)?.properties ?? [];
  const exact = properties.find((property) => property.path === path);
  const dot = path.lastIndexOf('.');
  return exact ?? (dot > 0 ? propertyAccess(access, type, path.slice(0, dot)) : undefined);
}
