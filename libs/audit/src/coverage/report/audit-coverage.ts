import type { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { AuditPostgreSqlDriver } from '../../capture/orm/audit-driver.js';
import { RESOLVED_OPTIONS, type ResolvedAuditOptions } from '../../options/audit-options.js';
import { AuditDoctor } from '../doctor/audit-doctor.js';
import { Catalog } from '../doctor/catalog.js';
import { unauditedClasses } from '../doctor/database-findings.js';
import type { DoctorFinding } from '../doctor/doctor-finding.js';
import type { TrailGrowth } from '../doctor/growth.js';
import { trailGrowth } from '../doctor/trail-findings.js';
import { brokenTriggers } from '../doctor/trigger-findings.js';
import { AuditHealth, type CheckStatus } from '../health/audit-health.js';
import { type CoverageScope, type CoveredClass, coveredClasses } from '../tables/covered-classes.js';
import { CoveredInstances } from '../tables/covered-instance.js';
import { type PropertyFate, propertyFates } from '../tables/property-fates.js';

/**
 * The handling of writes past the unit of work: triggers record them, or they are refused, warned of or allowed, and leave no
 * trace; without AuditPostgreSqlDriver nobody notices them.
 */
export type OtherWriteFate = 'recorded' | 'refused' | 'warned' | 'allowed' | 'unnoticed';

const FATES = { refuse: 'refused', warn: 'warned', allow: 'allowed' } as const;

/** An audited entity. */
export interface EntityCoverage {
  /** Name in the trail. */
  readonly entityType: string;
  /** The name of its class in the trail, whatever the schema. */
  readonly name: string;
  /** The `contextName` of its MikroORM instance. */
  readonly instance: string;
  readonly tableName: string;
  readonly otherWrites: OtherWriteFate;
  /** Why triggers do not record it although there should be some, by the database too; null where they do, or there are none. */
  readonly withoutTriggers: string | null;
  readonly properties: readonly PropertyFate[];
}

/** An entity that no policy says anything of. */
export interface UnauditedEntity {
  readonly name: string;
  readonly instance: string;
  readonly tableName: string;
}

/** The trail of one MikroORM instance. */
export interface TrailCoverage extends TrailGrowth {
  readonly instance: string;
}

/** The part of the database that is in the trail, and how we know. */
export interface CoverageReport {
  readonly entities: readonly EntityCoverage[];
  readonly unaudited: readonly UnauditedEntity[];
  readonly findings: readonly DoctorFinding[];
  /** One for each trail; none without the option `check`. */
  readonly checks: readonly CheckStatus[];
  readonly trails: readonly TrailCoverage[];
}

/** Tells what of the database is audited: the policies, what the doctor finds, and how the scheduled check stands. */
@Injectable()
export class AuditCoverage {
  constructor(
    @Inject(CoveredInstances) private readonly instances: CoveredInstances,
    @Inject(AuditDoctor) private readonly doctor: AuditDoctor,
    @Inject(AuditHealth) private readonly health: AuditHealth,
    @Inject(RESOLVED_OPTIONS) private readonly options: ResolvedAuditOptions,
  ) {}

  /** @throws NotAuditedError, InvalidCoverageError as `AuditCheck.run` does */
  async report(scope: CoverageScope = {}): Promise<CoverageReport> {
    const classes = await coveredClasses(this.instances.all(), scope, 'AuditCoverage.report');
    const orms = new Set(classes.map(({ instance }) => instance.policies.orm));
    const instances = this.instances.all().filter(({ policies }) => orms.has(policies.orm));
    const names = instances.map(({ policies }) => policies.orm.config.get('contextName'));
    return {
      entities: await Promise.all(classes.map((covered) => this.entity(covered))),
      unaudited: instances.flatMap((instance, at) =>
        unauditedClasses(instance).map(({ className, tableName }) => ({
          name: className,
          instance: names[at] ?? '',
          tableName,
        })),
      ),
      findings: await this.doctor.examine(scope),
      checks: (await this.health.status()).filter(({ instance }) => names.includes(instance)),
      trails: await Promise.all(
        instances.map(async (instance, at) => ({
          instance: names[at] ?? '',
          ...(await trailGrowth(instance)),
        })),
      ),
    };
  }

  private async entity({ policy, instance }: CoveredClass): Promise<EntityCoverage> {
    const { triggers } = instance;
    const { orm } = instance.policies;
    const { meta, entityType, name } = policy;
    const rule = policy.unrecordedWrites ?? this.options.unrecordedWrites ?? 'warn';
    const isNoticed = orm.em.getDriver() instanceof AuditPostgreSqlDriver;
    const others = isNoticed ? FATES[rule] : 'unnoticed';
    const hasTriggers = triggers?.classes.has(meta.class) === true;
    const catalog = new Catalog(orm.em.fork() as EntityManager);
    const broken = hasTriggers ? await brokenTriggers(catalog, triggers, policy) : null;
    return {
      entityType,
      name,
      instance: orm.config.get('contextName'),
      tableName: meta.tableName,
      otherWrites: hasTriggers ? (broken === null ? 'recorded' : 'unnoticed') : others,
      withoutTriggers: triggers?.without.get(meta.class) ?? broken,
      properties: propertyFates(policy),
    };
  }
}
