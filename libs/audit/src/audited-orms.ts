import { type EntityName, MikroORM, Utils } from '@mikro-orm/core';
import { Inject, Injectable, type OnModuleInit, Optional } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { auditOrm, type JournaledInstance } from './audited-orm.js';
import { AuditContext } from './context/audit-context.js';
import type { ReadRegister } from './context/audit-journal.js';
import { AuditConfigurationError } from './errors/configuration-error.js';
import { NotAuditedError } from './errors/query-errors.js';
import type { EntityKey } from './model/change.js';
import { RESOLVED_OPTIONS, type ResolvedAuditOptions } from './options/audit-options.js';
import type { EntityPolicy } from './policy/entity-policy.js';
import type { AuditCatalog } from './query/terms/audit-catalog.js';
import { entityIdOf } from './query/terms/entity-id.js';
import { ReplicaCatalog } from './query/terms/replica-catalog.js';
import { auditEntities } from './store/tables/audit-entities.js';
import { AuditMetrics } from './write/audit-metrics.js';
import type { AuditJournals } from './write/audit-recorder.js';
import { JournalOfAll, type StoreJournal } from './write/journal.js';

/**
 * All MikroORM instances of the app that have audited entities. The default one is audited from the moment it is
 * injected here, named ones from `onModuleInit` on, which Nest runs for global modules first.
 */
@Injectable()
export class AuditedOrms implements AuditCatalog, AuditJournals, ReadRegister, OnModuleInit {
  private readonly instances = new Map<MikroORM, JournaledInstance | null>();
  private readonly replicas = new ReplicaCatalog(this);

  constructor(
    @Inject(ModulesContainer) private readonly modules: ModulesContainer,
    @Inject(AuditContext) private readonly context: AuditContext,
    @Inject(RESOLVED_OPTIONS) private readonly options: ResolvedAuditOptions,
    @Inject(AuditMetrics) private readonly metrics: AuditMetrics,
    @Optional() @Inject(MikroORM) defaultOrm?: MikroORM,
  ) {
    context.useJournal(new JournalOfAll(() => [...this.journals().values()]));
    if (defaultOrm) {
      this.install(defaultOrm);
    }
  }

  /** @throws AuditConfigurationError when there is no MikroORM, or none has an audited entity, or one cannot be audited */
  onModuleInit(): void {
    for (const orm of this.registeredOrms()) {
      this.install(orm);
    }
    if (this.instances.size === 0) {
      throw new AuditConfigurationError(
        'AuditModule found no MikroORM in this application.',
        'Import MikroOrmModule.forRoot() of @mikro-orm/nestjs next to AuditModule.forRoot().',
      );
    }
    this.assertPoliciesCanBe([...this.instances.keys()]);
    if (this.all().length === 0) {
      throw new AuditConfigurationError(
        'AuditModule found no audited entity in any MikroORM configuration.',
        'Add @Audited() to an entity class, or pass auditPolicy(Entity) in AuditModule.forRoot({ policies }).',
      );
    }
  }

  all(): readonly JournaledInstance[] {
    return [...this.instances.values()].filter((instance) => instance !== null);
  }

  of<Entity extends object>(
    entity: EntityName<Entity>,
  ): { readonly instance: JournaledInstance; readonly family: readonly EntityPolicy[] } {
    for (const instance of this.all()) {
      const family = instance.policies.family(entity);
      if (family.length > 0) {
        return { instance, family };
      }
    }
    throw new NotAuditedError(Utils.className(entity));
  }

  reading(): AuditCatalog {
    return this.options.readFrom === 'replica' ? this.replicas : this;
  }

  journals(): ReadonlyMap<MikroORM, StoreJournal> {
    return new Map(
      [...this.instances].flatMap(([orm, instance]) => (instance ? [[orm, instance.journal] as const] : [])),
    );
  }

  async record(entity: EntityName<object>, keys: readonly EntityKey[]): Promise<void> {
    const { instance, family } = this.of(entity);
    const reads = family.slice(0, 1).flatMap(({ entityType, meta }) =>
      keys.flatMap((key) => {
        const entityId = entityIdOf(key, instance.codecs.find(meta));
        return entityId === null ? [] : [{ entityType, entityId }];
      }),
    );
    await instance.journal.writeReads(reads, undefined);
  }

  private install(orm: MikroORM): void {
    if (!this.instances.has(orm)) {
      this.instances.set(orm, auditOrm(orm, this.options, this.context, this.metrics));
    }
  }

  private registeredOrms(): readonly MikroORM[] {
    const found = new Set<MikroORM>();
    for (const module of this.modules.values()) {
      for (const { instance } of module.providers.values()) {
        if (instance instanceof MikroORM) {
          found.add(instance);
        }
      }
    }
    return [...found];
  }

  private assertPoliciesCanBe(orms: readonly MikroORM[]): void {
    for (const { entity } of this.options.policies) {
      if ((auditEntities as readonly object[]).includes(entity)) {
        throw new AuditConfigurationError(
          `AuditModule has a policy for ${entity.name}, but ${entity.name} is an audit table and never audited itself.`,
          'Remove its auditPolicy().',
        );
      }
      if (!orms.some((orm) => orm.getMetadata().has<object>(entity))) {
        throw new AuditConfigurationError(
          `AuditModule has a policy for ${entity.name}, which no MikroORM configuration knows.`,
          `Add ${entity.name} to the entities of a MikroORM configuration, or remove its auditPolicy().`,
        );
      }
    }
  }
}
