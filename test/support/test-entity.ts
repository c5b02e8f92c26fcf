import type { AnyEntity, EntityClass, EntitySchema } from '@mikro-orm/core';

/** The entities that `MikroORM.init({ entities })` takes, without file globs. */
export type TestEntity = EntityClass<AnyEntity> | EntitySchema;
