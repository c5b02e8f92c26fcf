import { type EntityClass, EntitySchema } from '@mikro-orm/core';
import { AuditConfigurationError } from '../errors/configuration-error.js';
import { AUDITED_OPTIONS, assertLegalOptions, MASK_KINDS } from './legal-options.js';
import type { AuditPolicy, AuditPolicyOptions } from './policy-declaration.js';

const LEGAL_OPTIONS = {
  ...AUDITED_OPTIONS,
  recordReads: { type: 'boolean', legal: 'true or false' },
  ignore: { type: 'object', legal: 'an array of property names' },
  mask: { type: 'object', legal: `an object of ${MASK_KINDS.join(', ')} by property name` },
};

/** The result of `defineEntity()` and `new EntitySchema()`, as far as it tells the entity and its class. */
interface SchemaOf<Entity> {
  readonly '~entity': Entity;
  readonly meta: { readonly class: EntityClass<object> };
}

/**
 * Audits an entity that carries no decorators: one made with `defineEntity()` or `EntitySchema`, or a third party's.
 * @throws AuditConfigurationError for an unknown option; unknown properties are reported at boot
 */
export function auditPolicy<Entity extends object>(
  entity: EntityClass<Entity> | SchemaOf<Entity>,
  options: AuditPolicyOptions<NoInfer<Entity>> = {},
): AuditPolicy {
  const entityClass = isSchema(entity) ? entity.meta.class : entity;
  const where = `auditPolicy(${entityClass.name})`;
  assertLegalOptions(where, options, LEGAL_OPTIONS);
  const { ignore = [], mask = {}, recordReads = false, ...audited } = options;
  for (const [property, kind] of Object.entries<string | false | undefined>(mask)) {
    if (kind !== undefined && !MASK_KINDS.includes(kind)) {
      throw new AuditConfigurationError(
        `${where} does not know the mask "${kind}" of "${property}".`,
        `Use one of: ${MASK_KINDS.join(', ')}.`,
      );
    }
  }
  return {
    entity: entityClass,
    declaration: {
      audited,
      ...(recordReads ? { reads: true } : {}),
      ignore: new Set<string>(ignore),
      mask: new Map(Object.entries<AuditMaskValue | undefined>(mask).filter(isGiven)),
    },
  };
}

type AuditMaskValue = NonNullable<NonNullable<AuditPolicyOptions['mask']>[string]>;

function isGiven<T>(entry: [string, T | undefined]): entry is [string, T] {
  return entry[1] !== undefined;
}

function isSchema<Entity extends object>(
  value: EntityClass<Entity> | SchemaOf<Entity>,
): value is SchemaOf<Entity> {
  return EntitySchema.is(value);
}
