import type { EntityName } from '@mikro-orm/core';
import { AuditCatalog, type AuditedInstance } from './audit-catalog.js';
import type { PlaceOptions } from './place-options.js';

/** The content of another catalog, read from the replicas. */
export class ReplicaCatalog extends AuditCatalog {
  constructor(private readonly primary: AuditCatalog) {
    super();
  }

  all(): readonly AuditedInstance[] {
    return this.primary.all().map(replicaOf);
  }

  instance(place: PlaceOptions): AuditedInstance {
    return replicaOf(this.primary.instance(place));
  }

  of<Entity extends object>(entity: EntityName<Entity>, place: PlaceOptions): ReturnType<AuditCatalog['of']> {
    const found = this.primary.of(entity, place);
    return { ...found, instance: replicaOf(found.instance) };
  }

  search<Entity extends object>(
    entity: EntityName<Entity>,
    place: PlaceOptions,
  ): ReturnType<AuditCatalog['search']> {
    const found = this.primary.search(entity, place);
    return { ...found, instance: replicaOf(found.instance) };
  }

  reading(): AuditCatalog {
    return this;
  }
}

function replicaOf(instance: AuditedInstance): AuditedInstance {
  return { ...instance, store: instance.replica };
}
