import { MikroORM } from '@mikro-orm/core';
import { Inject, Injectable } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { type AuditedOrm, auditOrm } from './audited-orm.js';
import { AuditContext } from './context/audit-context.js';
import { AuditConfigurationError } from './errors/configuration-error.js';
import { NotAuditedError } from './errors/query-errors.js';
import { RESOLVED_OPTIONS, type ResolvedAuditOptions } from './options/audit-options.js';

/** Any entity class. */
export type EntityType<Entity> = abstract new (...args: never[]) => Entity;

/** All MikroORM instances of the app, default and named ones, that have audited entities. */
@Injectable()
export class AuditedOrms {
  private audited: readonly AuditedOrm[] = [];

  constructor(
    @Inject(ModulesContainer) private readonly modules: ModulesContainer,
    @Inject(AuditContext) private readonly context: AuditContext,
    @Inject(RESOLVED_OPTIONS) private readonly options: ResolvedAuditOptions,
  ) {}

  /**
   * Finds the instances and starts auditing them.
   * @throws AuditConfigurationError when there is none, none has an audited entity, or one cannot be audited
   */
  install(): void {
    const instances = this.instances();
    if (instances.length === 0) {
      throw new AuditConfigurationError(
        'AuditModule found no MikroORM in this application.',
        'Import MikroOrmModule.forRoot() of @mikro-orm/nestjs next to AuditModule.forRoot().',
      );
    }
    this.audited = instances.flatMap((orm) => auditOrm(orm, this.options, this.context) ?? []);
    if (this.audited.length === 0) {
      throw new AuditConfigurationError(
        'AuditModule found no audited entity in any MikroORM configuration.',
        'Add @Audited() to an entity class, or pass auditPolicy(Entity) in AuditModule.forRoot({ policies }).',
      );
    }
    this.assertPoliciesAreUsed();
  }

  all(): readonly AuditedOrm[] {
    return this.audited;
  }

  /** @throws NotAuditedError when no instance audits the class */
  of(entityClass: EntityType<object>): AuditedOrm {
    const audited = this.audited.find(({ policies }) => policies.hasFamily(entityClass));
    if (!audited) {
      throw new NotAuditedError(entityClass.name);
    }
    return audited;
  }

  private instances(): readonly MikroORM[] {
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

  private assertPoliciesAreUsed(): void {
    for (const { entity } of this.options.policies) {
      if (!this.audited.some(({ policies }) => policies.hasFamily(entity as EntityType<object>))) {
        throw new AuditConfigurationError(
          `AuditModule has a policy for ${entity.name}, which no MikroORM configuration knows.`,
          `Add ${entity.name} to the entities of a MikroORM configuration, or remove its auditPolicy().`,
        );
      }
    }
  }
}
