import type { EntityName } from '@mikro-orm/core';
import { Inject, Injectable, NotFoundException } from '@nestjs/common';
import type { EntityKey } from '../../model/change.js';
import type { EntityPolicy } from '../../policy/entity-policy.js';
import { AuditCatalog, type AuditedInstance } from '../../query/terms/audit-catalog.js';
import { textsOfKey } from '../../serialize/text/texts-of-key.js';

/** An audited entity, as a URL names it. */
export interface EntityType {
  readonly instance: AuditedInstance;
  readonly policy: EntityPolicy;
  /** With that of its subclasses. */
  readonly family: readonly EntityPolicy[];
  /** The class, of which nothing more is known than its name. */
  readonly entity: EntityName<Record<string, unknown>>;
}

/** Finds entities by their name in the trail. */
@Injectable()
export class EntityTypes {
  constructor(@Inject(AuditCatalog) private readonly catalog: AuditCatalog) {}

  /** Undefined when nothing is audited under this name; former names count. */
  find(entityType: string): EntityType | undefined {
    for (const instance of this.catalog.all()) {
      const policy = instance.policies.ofType(entityType);
      if (policy) {
        const { class: entity } = policy.meta;
        return { instance, policy, family: instance.policies.family(entity), entity };
      }
    }
    return undefined;
  }

  /** @throws NotFoundException when nothing is audited under this name */
  get(entityType: string): EntityType {
    const found = this.find(entityType);
    if (!found) {
      throw new NotFoundException('Nothing is audited under this name.');
    }
    return found;
  }
}

/** The key that an entity id stands for: the id itself, or the parts of a composite key. */
export function keyOf(entityId: string, { meta }: EntityPolicy): EntityKey {
  const columns = meta.getPrimaryProps().flatMap(({ fieldNames }) => fieldNames);
  const isComposite = meta.primaryKeys.length > 1;
  // No entity has an id that does not fit.
  return (isComposite && textsOfKey(entityId, columns.length)) || entityId;
}
