import type { EntityName } from '@mikro-orm/core';
import type { EntityPolicy } from '../../policy/entity-policy.js';
import type { PolicyRegistry } from '../../policy/policy-registry.js';
import type { EntityCodecs } from '../../serialize/entity/entity-codec.js';
import type { AuditStore } from '../../store/audit-store.js';
import type { PlaceOptions } from './place-options.js';

/** The audited classes of one MikroORM instance, and where its trail is. */
export interface AuditedInstance {
  readonly policies: PolicyRegistry;
  readonly codecs: EntityCodecs;
  readonly store: AuditStore;
  /** The same, which reads from a replica unless the caller is in a transaction. */
  readonly replica: AuditStore;
}

/** The name of an instance. */
export function contextOf({ policies }: Pick<AuditedInstance, 'policies'>): string {
  return policies.orm.config.get('contextName');
}

/** The audited classes of an instance, as seen from another schema. */
export function seenFrom(instance: AuditedInstance, schema: string): AuditedInstance {
  const policies = instance.policies.in(schema);
  return policies === instance.policies
    ? instance
    : { ...instance, policies, codecs: instance.codecs.under(policies.all()) };
}

/** A class, as it is seen from one schema. */
export interface AuditedClass {
  readonly instance: AuditedInstance;
  /** The policies of the class and of its subclasses. */
  readonly family: readonly EntityPolicy[];
}

/** Everything the application audits. */
export abstract class AuditCatalog {
  abstract all(): readonly AuditedInstance[];

  /**
   * The instance that is named, or runs, or is the only one.
   * @throws InvalidQueryError when it is not known which is meant
   */
  abstract instance(place: PlaceOptions): AuditedInstance;

  /**
   * The instance that audits a class, seen from the schema in which its rows are, with the policies of the class and of its
   * subclasses.
   * @throws NotAuditedError when none does
   * @throws InvalidQueryError when it is not known which instance or schema is meant
   */
  abstract of<Entity extends object>(entity: EntityName<Entity>, place: PlaceOptions): AuditedClass;

  /** The same for a search, which may be in all schemas. */
  abstract search<Entity extends object>(
    entity: EntityName<Entity>,
    place: PlaceOptions,
  ): AuditedClass & { readonly isEverywhere: boolean };

  /** The same for questions whose answers may be as late as a replica is, where the options say so. */
  abstract reading(): AuditCatalog;
}
