import { type EntityProperty, helper, QueryHelper } from '@mikro-orm/core';
import { keyValues } from './link-changes.js';

/** The columns of a link table by which one many-to-many relation is found in it. */
export interface LinkTable {
  readonly ownerColumns: readonly string[];
  /** Where targets are of several classes, the class of the target first. */
  readonly targetColumns: readonly string[];
  /** Present when relations of several classes share the table: which rows belong to this one. */
  readonly filter: { readonly column: string; readonly value: string } | null;
}

/** @param owning the property of the side that owns the link table */
export function linkTableOf(owning: EntityProperty): LinkTable {
  const { joinColumns, inverseJoinColumns, discriminatorColumn, discriminatorValue } = owning;
  const hasClasses = hasTargetsOfSeveralClasses(owning) && discriminatorColumn !== undefined;
  const isShared = owning.polymorphic && discriminatorColumn !== undefined && !hasClasses;
  return {
    ownerColumns: joinColumns,
    targetColumns: hasClasses ? [discriminatorColumn, ...inverseJoinColumns] : inverseJoinColumns,
    filter:
      isShared && discriminatorValue !== undefined
        ? { column: discriminatorColumn, value: discriminatorValue }
        : null,
  };
}

/** The values by which links refer to an entity as their target, in the order of the columns. */
export function targetKey(owning: EntityProperty, entity: object): readonly unknown[] {
  if (!hasTargetsOfSeveralClasses(owning)) {
    return keyValues(entity);
  }
  const name = QueryHelper.findDiscriminatorValue(owning.discriminatorMap ?? {}, helper(entity).__meta.class);
  return [name, ...keyValues(entity)];
}

/**
 * Whether the database takes links away, or moves them along, with the rows they refer to. MikroORM makes no foreign
 * keys for polymorphic relations.
 * @param byDefault what the configuration says
 */
export function hasForeignKeys(owning: EntityProperty, byDefault: boolean | undefined): boolean {
  return (owning.createForeignKeyConstraint ?? byDefault) !== false;
}

function hasTargetsOfSeveralClasses(owning: EntityProperty): boolean {
  return QueryHelper.isUnionTargetPolymorphic(owning);
}
