import type { EntityMetadata } from '@mikro-orm/core';
import { companyEntities, Skill } from '../../support/fixtures/company.js';

const companyClasses = new Set<object>(companyEntities);

/** For `discovery.onMetadata`: each tenant has tables of its own, but for one that all have in common. */
export function tenantMetadata(meta: EntityMetadata): void {
  if (companyClasses.has(meta.class)) {
    meta.schema = meta.class === Skill ? 'public' : '*';
  }
}
