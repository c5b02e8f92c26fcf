import type { EntityMetadata, EntityProperty } from '@mikro-orm/core';

/**
 * Whether `em.create()` hands the value of a property to the constructor: parameters get the property of their name, and
 * those that are named otherwise all values.
 */
export function isWantedByConstructor(
  { constructorParams, properties }: EntityMetadata,
  { name }: Pick<EntityProperty, 'name'>,
): boolean {
  return (constructorParams ?? []).some(
    (parameter) => parameter === name || !Object.hasOwn(properties, parameter),
  );
}
