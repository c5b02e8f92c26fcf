import type { EntityMetadata, EntityProperty } from '@mikro-orm/core';

/** The properties of an entity, by names that are only known at run time. MikroORM types them by those of its class. */
export function propertiesOf(meta: EntityMetadata): Readonly<Record<string, EntityProperty | undefined>> {
  return meta.properties;
}
