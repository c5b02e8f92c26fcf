import type { EntityName } from '@mikro-orm/core';
import type { EntityPolicy } from '../../policy/entity-policy.js';
import type { PolicyRegistry } from '../../policy/policy-registry.js';
import type { EntityCodecs } from '../../serialize/entity/entity-codec.js';
import type { AuditStore } from '../../store/audit-store.js';

/** What one MikroORM instance audits, and where its trail is. */
export interface AuditedInstance {
  readonly policies: PolicyRegistry;
  readonly codecs: EntityCodecs;
  readonly store: AuditStore;
  /** The same, which reads from a replica unless the caller is in a transaction. */
  readonly replica: AuditStore;
}

/** Everything the application audits. */
export abstract class AuditCatalog {
  abstract all(): readonly AuditedInstance[];

  /**
   * The instance that audits a class, with the policies of the class and of its subclasses.
   * @throws NotAuditedError when none does
   */
  abstract of<Entity extends object>(
    entity: EntityName<Entity>,
  ): {
    readonly instance: AuditedInstance;
    readonly family: readonly EntityPolicy[];
  };

  /** The same for questions whose answers may be as late as a replica is, where the options say so. */
  abstract reading(): AuditCatalog;
}
