import { type EntityName, MikroORM, Utils } from '@mikro-orm/core';
import { Inject, Injectable, type OnModuleInit, Optional } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { type AuditedOrm, auditOrm } from './audited-orm.js';
import { assertNotesArrive } from './capture/orm/arriving-notes.js';
import { AuditContext } from './context/audit-context.js';
import type { ReadRegister } from './context/audit-journal.js';
import type { CoveredInstance, CoveredInstances } from './coverage/tables/covered-instance.js';
import { AuditConfigurationError } from './errors/configuration-error.js';
import { InvalidQueryError, NotAuditedError } from './errors/query-errors.js';
import { assertOrigins, type TrailPlace } from './evidence/seal/evidence-options.js';
import type { EntityKey } from './model/change.js';
import { RESOLVED_OPTIONS, type ResolvedAuditOptions } from './options/audit-options.js';
import type { EntityPolicy } from './policy/entity-policy.js';
import { isMovable, isPerSchema } from './policy/row-schema.js';
import type { ProvedTrail, ProvedTrails } from './proofs/proved-trail.js';
import { type AuditCatalog, contextOf, seenFrom } from './query/terms/audit-catalog.js';
import { entityIdOf } from './query/terms/entity-id.js';
import { assertSchema, type PlaceOptions, refuseSchema } from './query/terms/place-options.js';
import { ReplicaCatalog } from './query/terms/replica-catalog.js';
import { running } from './query/terms/running.js';
import type { SequencedInstance, SequencedInstances } from './sequence/audit-sequencer.js';
import { CommitHints } from './sequence/commit-hints.js';
import { auditEntities } from './store/tables/audit-entities.js';
import { tableNamesOf } from './store/tables/table-names.js';
import { AuditMetrics } from './write/audit-metrics.js';
import type { AuditJournals } from './write/audit-recorder.js';
import { JournalOfAll, type StoreJournal } from './write/journal.js';

interface JournaledClass {
  readonly instance: CoveredInstance;
  readonly family: readonly EntityPolicy[];
}

/**
 * All MikroORM instances of the app that have audited entities. The default one is audited from the moment it is
 * injected here, named ones from `onModuleInit` on, which Nest runs for global modules first.
 */
@Injectable()
export class AuditedOrms
  implements
    AuditCatalog,
    AuditJournals,
    CoveredInstances,
    ProvedTrails,
    ReadRegister,
    SequencedInstances,
    OnModuleInit
{
  private readonly instances = new Map<MikroORM, AuditedOrm | null>();
  private readonly replicas = new ReplicaCatalog(this);

  constructor(
    @Inject(ModulesContainer) private readonly modules: ModulesContainer,
    @Inject(AuditContext) private readonly context: AuditContext,
    @Inject(RESOLVED_OPTIONS) private readonly options: ResolvedAuditOptions,
    @Inject(AuditMetrics) private readonly metrics: AuditMetrics,
    @Inject(CommitHints) private readonly hints: CommitHints,
    @Optional() @Inject(MikroORM) defaultOrm?: MikroORM,
  ) {
    context.useJournal(new JournalOfAll(() => [...this.journals().values()]));
    if (defaultOrm) {
      this.install(defaultOrm);
    }
  }

  /** @throws AuditConfigurationError when there is no MikroORM, or none has an audited entity, or one cannot be audited */
  async onModuleInit(): Promise<void> {
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
    if (this.options.evidence) {
      assertOrigins(this.options.evidence, this.all().map(placeOf));
    }
    for (const { triggers, policies } of this.all()) {
      if (triggers !== null) {
        await assertNotesArrive(policies.orm);
      }
    }
  }

  all(): readonly AuditedOrm[] {
    return [...this.instances.values()].filter((instance) => instance !== null);
  }

  trails(): readonly SequencedInstance[] {
    return this.all().map(({ policies, connection }) => ({ orm: policies.orm, connection }));
  }

  instance(place: PlaceOptions): AuditedOrm {
    return theOne(this.all(), place, 'a trail');
  }

  of<Entity extends object>(entity: EntityName<Entity>, place: PlaceOptions): JournaledClass {
    const found = this.search(entity, place);
    const name = Utils.className(entity);
    const leadsOn = ({ meta }: EntityPolicy) =>
      meta.relations.some(({ targetMeta }) => targetMeta && isMovable(targetMeta));
    if (!found.family.some((policy) => isMovable(policy.meta) || leadsOn(policy))) {
      refuseSchema(place, `${name} has one of its own`);
    }
    if (found.isEverywhere) {
      throw new InvalidQueryError(
        'schema',
        `is not given, but each tenant has a table of ${name}`,
        'Name one, { schema: "acme" }, or ask within the context of an EntityManager that has one.',
      );
    }
    return found;
  }

  search<Entity extends object>(
    entity: EntityName<Entity>,
    place: PlaceOptions,
  ): JournaledClass & { readonly isEverywhere: boolean } {
    assertSchema(place);
    const name = Utils.className(entity);
    const audited = this.all().filter(({ policies }) => policies.family(entity).length > 0);
    if (audited.length === 0) {
      throw new NotAuditedError(name);
    }
    const instance = theOne(audited, place, `changes of ${name}`);
    const schema = place.schema ?? instance.policies.orm.em.schema;
    const view = { ...instance, ...seenFrom(instance, schema ?? instance.policies.schema) };
    const family = view.policies.family(entity);
    return {
      instance: view,
      family,
      isEverywhere: schema === undefined && family.some(({ meta }) => isPerSchema(meta)),
    };
  }

  reading(): AuditCatalog {
    return this.options.readFrom === 'replica' ? this.replicas : this;
  }

  trail(place: Pick<PlaceOptions, 'instance'>): ProvedTrail {
    const { policies, connection } = this.instance(place);
    const from = this.options.readFrom === 'replica' ? 'read' : 'write';
    return {
      instance: contextOf({ policies }),
      tables: tableNamesOf(policies.orm),
      run: (sql, parameters) => connection.read(from, sql, parameters),
    };
  }

  journals(): ReadonlyMap<MikroORM, StoreJournal> {
    return new Map(
      [...this.instances].flatMap(([orm, instance]) => (instance ? [[orm, instance.journal] as const] : [])),
    );
  }

  async record(entity: EntityName<object>, keys: readonly EntityKey[]): Promise<void> {
    const { instance, family } = this.of(entity, {});
    const reads = family.slice(0, 1).flatMap((policy) =>
      keys.flatMap((key) => {
        const entityId = entityIdOf(key, instance.codecs.ofPolicy(policy));
        return entityId === null ? [] : [{ entityType: policy.entityType, entityId }];
      }),
    );
    await instance.journal.writeReads(reads);
  }

  private install(orm: MikroORM): void {
    if (!this.instances.has(orm)) {
      this.instances.set(orm, auditOrm(orm, this.options, this.context, this.metrics, this.hints));
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

/**
 * The instance that is named, or the only one whose EntityManager runs, or the only one.
 * @param what each of them has
 * @throws InvalidQueryError when several could be meant, of which one would answer for all
 */
function theOne<Instance extends CoveredInstance>(
  instances: readonly Instance[],
  { instance: context }: PlaceOptions,
  what: string,
): Instance {
  const named = instances.filter((one) => context === undefined || contextOf(one) === context);
  const asked = named.length > 1 ? running(named) : named;
  const [instance, other] = asked.length > 0 ? asked : named;
  if (!instance || other) {
    const names = instances.map(contextOf).join(', ');
    throw new InvalidQueryError(
      'instance',
      instance
        ? `is not given, but several MikroORM instances have ${what}`
        : `names no MikroORM instance that has ${what}`,
      `Name one of ${names}, or ask within the context of one of them.`,
    );
  }
  return instance;
}

function placeOf({ policies }: CoveredInstance): TrailPlace {
  const { orm } = policies;
  const { host, port, database } = orm.em.getConnection().getConnectionOptions();
  const place = JSON.stringify([host, port, database, tableNamesOf(orm).change]);
  return { contextName: contextOf({ policies }), place };
}
