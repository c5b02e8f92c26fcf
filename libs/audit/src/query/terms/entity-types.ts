import type { EntityName } from '@mikro-orm/core';
import { Inject, Injectable } from '@nestjs/common';
import { InvalidQueryError } from '../../errors/query-errors.js';
import type { EntityKey } from '../../model/change.js';
import type { EntityPolicy } from '../../policy/entity-policy.js';
import { textsOfKey } from '../../serialize/text/texts-of-key.js';
import { AuditCatalog, type AuditedInstance } from './audit-catalog.js';
import { entityIdOf } from './entity-id.js';
import type { PlaceOptions } from './place-options.js';

/** An audited entity, as a URL or a command line names it. */
export interface EntityType {
  readonly instance: AuditedInstance;
  readonly policy: EntityPolicy;
  /** With that of its subclasses. */
  readonly family: readonly EntityPolicy[];
  /** The class, of which nothing more is known than its name. */
  readonly entity: EntityName<Record<string, unknown>>;
  /** Where its rows are, as far as the name says so. */
  readonly place: PlaceOptions;
}

/** Finds entities by their name in the trail. */
@Injectable()
export class EntityTypes {
  constructor(@Inject(AuditCatalog) private readonly catalog: AuditCatalog) {}

  /**
   * Undefined when nothing is audited under this name; former names count.
   * @param at where it is looked for
   * @throws InvalidQueryError when several MikroORM instances have it, none of them is named, and none of them runs
   */
  find(entityType: string, at: PlaceOptions = {}): EntityType | undefined {
    const instances = at.instance === undefined ? this.catalog.all() : [this.catalog.instance(at)];
    for (const { policies } of instances) {
      const whole = policies.ofType(entityType);
      const named = whole ?? policies.named(entityType);
      if (named) {
        const { class: entity } = named.meta;
        const place = whole?.schema === undefined ? at : { ...at, schema: whole.schema };
        const { instance, family } = this.catalog.search(entity, place);
        const policy = instance.policies.near(place, named.meta) ?? named;
        return { instance, policy, family, entity, place };
      }
    }
    return undefined;
  }
}

/**
 * The key that an entity id stands for: the id itself, or the parts of a composite key.
 * @param parameter where it was given
 * @throws InvalidQueryError when it is another spelling of an id, such as 01: what is recorded of a request names one entity in one way
 */
export function keyOf(
  entityId: string,
  { instance, policy }: Pick<EntityType, 'instance' | 'policy'>,
  parameter = 'id',
): EntityKey {
  const { meta } = policy;
  const columns = meta.getPrimaryProps().flatMap(({ fieldNames }) => fieldNames);
  const isComposite = meta.primaryKeys.length > 1;
  // No entity has an id that does not fit.
  const key = (isComposite && textsOfKey(entityId, columns.length)) || entityId;
  const spelled = entityIdOf(key, instance.codecs.ofPolicy(policy));
  if (spelled !== null && spelled !== entityId) {
    throw new InvalidQueryError(
      parameter,
      'is not spelled as in the trail',
      `Write ${spelled.slice(0, 400)}.`,
    );
  }
  return key;
}
