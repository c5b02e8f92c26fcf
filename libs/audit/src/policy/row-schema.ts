import type { EntityMetadata } from '@mikro-orm/core';

type Mapped = Pick<EntityMetadata, 'root'>;

/** Where the rows of a class are. */
export interface RowPlace {
  /** Undefined where the class has a schema of its own. */
  readonly schema: string | undefined;
  /** Names the table among all that a MikroORM instance has. Classes that share one share its name. */
  readonly table: unknown;
}

/** The class of a row, and where it is. */
export interface PlacedClass extends Pick<RowPlace, 'schema'> {
  readonly meta: EntityMetadata;
}

/** Of a call of MikroORM. Its options tell a schema that is left out from one that is undefined. */
export function schemaOption({ schema }: { readonly schema?: string | undefined }): {
  readonly schema?: string;
} {
  return schema === undefined ? {} : { schema };
}

/** Whether each tenant has a table of the class, in a schema of its own (`schema: '*'`). */
export function isPerSchema({ root }: Mapped): boolean {
  return root.schema === '*';
}

/** Whether the EntityManager, or a call, decides in which schema rows of the class are: it has none of its own. */
export function isMovable(mapped: Mapped): boolean {
  return mapped.root.schema === undefined || isPerSchema(mapped);
}

/**
 * The rows of a class that a row refers to. From the table of a tenant that is the default schema where the class names none:
 * there MikroORM lets the foreign key lead to.
 * @param around the schema of the row that refers to them
 * @param home the default schema of the instance
 */
export function placeOfTarget(from: Mapped, target: Mapped, around: string, home: string): RowPlace {
  return placeIn(target, isPerSchema(from) && !isPerSchema(target) ? home : around, home);
}

/** Whether a row is one that tenants share: the tables of each may refer to it. */
export function isShared(mapped: Mapped, { schema }: Pick<RowPlace, 'schema'>, home: string): boolean {
  return !isPerSchema(mapped) && (schema === undefined || schema === home);
}

/**
 * The rows of a class that are seen from a schema.
 * @param home the default schema of the instance
 */
export function placeIn(mapped: Mapped, around: string, home: string): RowPlace {
  const { root } = mapped;
  const schema = isMovable(mapped) ? around : undefined;
  return {
    schema,
    table: schema === undefined || schema === home ? root.class : `${schema}.${root.tableName}`,
  };
}
