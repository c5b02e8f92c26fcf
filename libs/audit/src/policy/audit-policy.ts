import { type EntityClass, EntitySchema } from '@mikro-orm/core';
import { AuditConfigurationError } from '../errors/configuration-error.js';
import type { AuditPolicy, AuditPolicyOptions } from './policy-declaration.js';

const LEGAL_OPTIONS = ['name', 'exact', 'partOf', 'ignore', 'mask'];

/**
 * Audits an entity that carries no decorators: one made with `defineEntity()` or `EntitySchema`, or a third party's.
 * @throws AuditConfigurationError for an option that does not exist; unknown properties are reported at boot
 */
export function auditPolicy<Entity extends object>(
  entity: EntityClass<Entity> | { readonly meta: { readonly class: EntityClass<Entity> } },
  options: AuditPolicyOptions<Entity> = {},
): AuditPolicy {
  const entityClass = isSchema(entity) ? entity.meta.class : entity;
  for (const key of Object.keys(options)) {
    if (!LEGAL_OPTIONS.includes(key)) {
      throw new AuditConfigurationError(
        `auditPolicy(${entityClass.name}) does not know the option "${key}".`,
        `Use one of: ${LEGAL_OPTIONS.join(', ')}.`,
      );
    }
  }
  const { ignore = [], mask = {}, ...audited } = options;
  return {
    entity: entityClass,
    declaration: {
      audited,
      ignore: new Set<string>(ignore),
      mask: new Map(Object.entries<AuditMaskValue | undefined>(mask).filter(isGiven)),
    },
  };
}

type AuditMaskValue = NonNullable<AuditPolicyOptions['mask']>[string] & string;

function isGiven<T>(entry: [string, T | undefined]): entry is [string, T] {
  return entry[1] !== undefined;
}

function isSchema<Entity extends object>(
  value: EntityClass<Entity> | { readonly meta: { readonly class: EntityClass<Entity> } },
): value is { readonly meta: { readonly class: EntityClass<Entity> } } {
  return value instanceof EntitySchema;
}
