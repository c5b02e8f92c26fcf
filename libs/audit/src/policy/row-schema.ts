import type { EntityMetadata } from '@mikro-orm/core';

type Mapped = Pick<EntityMetadata, 'root'>;

/** Where the rows of a class are. */
export interface RowPlace {
  /** Undefined where the class has a schema of its own. */
  readonly schema: string | undefined;
  /** Names the table among all that a MikroORM instance has. Classes that share one share its name. */
  readonly table: unknown;
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
