import { type EntityManager, type EntityMetadata, type EntityProperty, helper } from '@mikro-orm/core';
import { isMovable, isShared, placeIn, placeOfTarget, type RowPlace } from '../../policy/row-schema.js';

/** The schema that an EntityManager looks into where nothing else is said. */
export function schemaOf(em: EntityManager): string {
  return em.schema ?? homeOf(em);
}

/**
 * The schema from which an entity sees others: its own, or that of the EntityManager where its class has a fixed one. MikroORM
 * writes an entity that it knows no schema of to the default one.
 */
export function schemaAround(entity: object, em: EntityManager): string {
  const { __meta: meta, __schema: schema } = helper(entity);
  return isMovable(meta) ? named(schema, em) : schemaOf(em);
}

/** The rows of a class that are seen from a schema. */
export function rowPlace(meta: EntityMetadata, around: string, em: EntityManager): RowPlace {
  return placeIn(meta, around, homeOf(em));
}

/** Whether a row is one that tenants share: the tables of each may refer to it. */
export function isSharedRow(
  meta: EntityMetadata,
  place: Pick<RowPlace, 'schema'>,
  em: EntityManager,
): boolean {
  return isShared(meta, place, homeOf(em));
}

/**
 * The rows of a class that a row refers to.
 * @param around the schema from which that one is seen
 */
export function targetPlace(
  from: EntityMetadata,
  target: EntityMetadata,
  around: string,
  em: EntityManager,
): RowPlace {
  return placeOfTarget(from, target, around, homeOf(em));
}

/**
 * The schema of a link table. MikroORM looks for it beside the owner of the links only where that has a schema for each tenant
 * (`schema: '*'`), and in the default schema where nothing is said of either.
 * @param around the schema from which an end of the links is seen
 */
export function linkSchema({ pivotEntity }: EntityProperty, around: string, em: EntityManager): string {
  const { schema } = em.getMetadata().get<object>(pivotEntity as never);
  return schema === '*' ? around : (schema ?? homeOf(em));
}

/** The link table of a relation, quoted; `around` as above. */
export function quotedLinkTable(owning: EntityProperty, around: string, em: EntityManager): string {
  const schema = linkSchema(owning, around, em);
  const { tableName } = pivotOf(owning, em);
  return em.getPlatform().quoteIdentifier(schema ? `${schema}.${tableName}` : tableName);
}

/** @param owning the property of the side that owns the link table */
export function pivotOf({ pivotEntity }: EntityProperty, em: EntityManager): EntityMetadata {
  return em.getMetadata().get<object>(pivotEntity as never) as EntityMetadata;
}

export function homeOf(em: EntityManager): string {
  return em.config.get('schema') ?? em.getPlatform().getDefaultSchemaName() ?? '';
}

function named(schema: string | undefined, em: EntityManager): string {
  return schema === undefined || schema === '*' ? homeOf(em) : schema;
}
