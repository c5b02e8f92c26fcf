import type { EntityName } from '@mikro-orm/core';
import { AuditCatalog, type AuditedInstance } from './audit-catalog.js';

/** What another catalog has, read from the replicas. */
export class ReplicaCatalog extends AuditCatalog {
  /** One for each, because instances are told apart by identity. */
  private readonly known = new Map<AuditedInstance, AuditedInstance>();

  constructor(private readonly primary: AuditCatalog) {
    super();
  }

  all(): readonly AuditedInstance[] {
    return this.primary.all().map((instance) => this.replicaOf(instance));
  }

  of<Entity extends object>(entity: EntityName<Entity>): ReturnType<AuditCatalog['of']> {
    const { instance, family } = this.primary.of(entity);
    return { instance: this.replicaOf(instance), family };
  }

  reading(): AuditCatalog {
    return this;
  }

  private replicaOf(instance: AuditedInstance): AuditedInstance {
    const known = this.known.get(instance) ?? { ...instance, store: instance.replica };
    this.known.set(instance, known);
    return known;
  }
}
