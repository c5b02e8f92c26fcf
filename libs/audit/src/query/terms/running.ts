import type { MikroORM } from '@mikro-orm/core';

/** Of several MikroORM instances those of which an EntityManager runs, in a request or a transaction. */
export function running<Instance extends { readonly policies: { readonly orm: MikroORM } }>(
  instances: readonly Instance[],
): readonly Instance[] {
  return instances.filter(({ policies: { orm } }) => orm.em.getContext(false) !== orm.em);
}
