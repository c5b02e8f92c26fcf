import type { EntityMetadata, EventSubscriber, MikroORM } from '@mikro-orm/core';
import { PostgreSqlDriver } from '@mikro-orm/postgresql';
import { CaptureSubscriber } from './capture/capture.subscriber.js';
import { CaptureEnvironment } from './capture/capture-environment.js';
import { RowFinder } from './capture/found-rows.js';
import { rowExistsSql } from './capture/orm/row-exists.js';
import { schemaOf } from './capture/orm/schema-facts.js';
import { ReadSubscriber } from './capture/read.subscriber.js';
import type { RevisionSink } from './capture/revision-sink.js';
import { StatementNotes } from './capture/statement-notes.js';
import { UnitOfWorkChanges } from './capture/unit-of-work-changes.js';
import type { AuditContext } from './context/audit-context.js';
import { LABEL_MEMBERS } from './context/hidden-names.js';
import type { CoveredInstance } from './coverage/tables/covered-instance.js';
import { AuditConfigurationError } from './errors/configuration-error.js';
import type { ResolvedAuditOptions } from './options/audit-options.js';
import { noticeOtherWrites } from './other-writes.js';
import { declaredPolicies } from './policy/declared-policies.js';
import { hiddenNamesOf } from './policy/hidden-names.js';
import { PolicyRegistry } from './policy/policy-registry.js';
import type { CommitHints } from './sequence/commit-hints.js';
import { EntityCodecs } from './serialize/entity/entity-codec.js';
import { relationTargets } from './serialize/entity/relation-targets.js';
import { SecretScan } from './serialize/json/secret-scan.js';
import { DEFAULT_VALUE_LIMITS } from './serialize/json/value-codec.js';
import { PostgresAuditStore } from './store/postgres-audit-store.js';
import { runStatement } from './store/sql/sql-statement.js';
import { TrailConnection } from './store/sql/trail-connection.js';
import { auditEntities } from './store/tables/audit-entities.js';
import { triggerPlanOf } from './triggers/audit-triggers.js';
import type { AuditMetrics } from './write/audit-metrics.js';
import { FlushRules } from './write/flush-rules.js';
import { StoreJournal } from './write/journal.js';
import { RevisionContexts } from './write/revision-context.js';
import { RevisionWriter, type RowLookup } from './write/revision-writer.js';

/** An audited MikroORM instance, and by which connection its trail is read. */
export interface AuditedOrm extends CoveredInstance {
  readonly connection: TrailConnection;
}

/**
 * Sets auditing up for one MikroORM instance and registers the subscriber.
 * @returns null when it has no audited entity
 * @throws AuditConfigurationError when its entities cannot be audited as declared
 */
export function auditOrm(
  orm: MikroORM,
  options: ResolvedAuditOptions,
  context: AuditContext,
  metrics: AuditMetrics,
  hints: CommitHints,
): AuditedOrm | null {
  const secrets = new SecretScan(options.secrets);
  const declared = declaredPolicies(orm.getMetadata(), options.policies, {
    isSecret: secrets.names.isSecret,
  });
  const policies = new PolicyRegistry(orm, declared);
  const [anyPolicy] = policies.all();
  if (!anyPolicy) {
    return null;
  }
  const secretLabels = LABEL_MEMBERS.filter(secrets.names.isSecret);
  for (const name of [...secretLabels, ...policies.all().flatMap(hiddenNamesOf)]) {
    options.hiddenProperties.add(name);
  }
  assertAtomic(orm, anyPolicy.meta.className);
  assertHashKey(policies, options.hashKey);
  assertPipeline(orm, options.sendWithCommit);
  assertReplicas(orm, options.readFrom);
  const codecs = EntityCodecs.of(policies.all(), {
    platform: orm.em.getPlatform(),
    limits: { ...DEFAULT_VALUE_LIMITS, maxValueBytes: options.maxValueBytes },
    hashKey: options.hashKey,
    secrets,
  });
  const targets = relationTargets(codecs.all());
  const triggers = triggerPlanOf(orm.getMetadata(), orm.em.getPlatform(), options);
  const connection = new TrailConnection(orm);
  const store = new PostgresAuditStore(orm, connection, targets, 'write', triggers !== null);
  const replica = new PostgresAuditStore(orm, connection, targets, 'read', false);
  const environment = new CaptureEnvironment(orm, policies, codecs, secrets.texts);
  const contexts = new RevisionContexts(secrets);
  const writer = new RevisionWriter(store, context, rowLookup(orm, policies, codecs), metrics, contexts);
  const rules = new FlushRules(context, options.requireActor, metrics, [...policies.all()]);
  const sink: RevisionSink = {
    context: () => context.resolved(),
    check: (current, demands) => rules.check(current, demands),
    suspension: () => context.suspension(),
    describe: (current) => contexts.toStatementContext(current),
    write: (...changes) => {
      hints.give();
      return writer.write(...changes);
    },
    send: options.sendWithCommit
      ? (...changes) => {
          hints.give();
          return writer.send(...changes);
        }
      : null,
  };
  const subscriber = new CaptureSubscriber(
    new UnitOfWorkChanges(environment),
    environment.snapshots,
    environment.transactions,
    sink,
    options.maxBufferedChanges,
  );
  const notices = noticeOtherWrites(orm, policies, options, context, triggers);
  if (notices && triggers) {
    const write = subscriber.writeGathered.bind(subscriber);
    const notes = new StatementNotes(orm, environment, notices.writes, sink, write);
    notes.attach(notices.driver);
    subscriber.listenTo(notes);
  }
  const journal = new StoreJournal(
    store,
    context,
    options.requireActor,
    metrics,
    contexts,
    environment.transactions,
  );
  const read = policies.all().filter(({ recordsReads }) => recordsReads);
  const subscribers: EventSubscriber[] = [environment.snapshots, subscriber];
  if (read.length > 0) {
    subscribers.push(
      new ReadSubscriber(read, environment, (reads, transaction) => journal.writeReads(reads, transaction)),
    );
  }
  for (const each of subscribers) {
    orm.em.getEventManager().registerSubscriber(each);
  }
  // Forks with an event manager of their own take their subscribers from the configuration.
  orm.config.set('subscribers', [...orm.config.get('subscribers'), ...subscribers]);
  const trail = auditEntities.map((entity) => orm.getMetadata().get<object>(entity) as EntityMetadata);
  return {
    policies,
    codecs,
    store,
    replica,
    connection,
    journal,
    finder: new RowFinder(environment),
    trail,
    triggers: triggers && {
      names: triggers.names,
      bodies: triggers.bodies,
      classes: new Map([...triggers.tables].map(([{ meta }, tables]) => [meta.class, tables])),
      without: new Map([...triggers.without].map(([{ meta }, reason]) => [meta.class, reason])),
    },
  };
}

/** By SQL alone, because it may be asked while the transaction waits for a statement of the application. */
function rowLookup(orm: MikroORM, policies: PolicyRegistry, codecs: EntityCodecs): RowLookup {
  return async (change, transaction) => {
    const policy = policies.ofType(change.entityType);
    const codec = policy && codecs.ofPolicy(policy);
    const key = codec?.keyOf(change.renamedTo ?? change.entityId);
    if (!codec || !key) {
      return true;
    }
    const { sql, parameters } = rowExistsSql(codec.policy, key, schemaOf(orm.em));
    return (await runStatement(transaction, sql, parameters, orm.em.getDriver())).length > 0;
  };
}

function assertAtomic(orm: MikroORM, className: string): void {
  const where = `The MikroORM configuration "${orm.config.get('contextName')}" has audited entities (${className})`;
  if (!(orm.em.getDriver() instanceof PostgreSqlDriver)) {
    throw new AuditConfigurationError(
      `${where}, but its driver is not PostgreSQL.`,
      'Use @mikro-orm/postgresql.',
    );
  }
  for (const [option, isOff] of [
    ['disableTransactions', orm.config.get('disableTransactions') === true],
    ['implicitTransactions', orm.config.get('implicitTransactions') === false],
  ] as const) {
    if (isOff) {
      throw new AuditConfigurationError(
        `${where}, but ${option} makes flushes run without a transaction, where audit rows cannot be atomic with them.`,
        `Remove ${option} from the configuration.`,
      );
    }
  }
}

function assertPipeline(orm: MikroORM, sendWithCommit: boolean): void {
  const { pipeline } = (orm.config.get('driverOptions') ?? {}) as { readonly pipeline?: unknown };
  if (sendWithCommit && pipeline !== true) {
    throw new AuditConfigurationError(
      `AuditModule has the option sendWithCommit, but the connections of the MikroORM configuration "${orm.config.get('contextName')}" wait for each answer.`,
      'Add driverOptions: { pipeline: true } to that configuration, or remove sendWithCommit.',
    );
  }
}

function assertReplicas(orm: MikroORM, readFrom: ResolvedAuditOptions['readFrom']): void {
  if (readFrom === 'replica' && (orm.config.get('replicas') ?? []).length === 0) {
    throw new AuditConfigurationError(
      `AuditModule has the option readFrom: 'replica', but the MikroORM configuration "${orm.config.get('contextName')}" has no replicas.`,
      'Add replicas to that configuration, or remove readFrom.',
    );
  }
}

function assertHashKey(policies: PolicyRegistry, hashKey: string | null): void {
  for (const { meta, properties } of policies.all()) {
    const hashed = [...properties.values()].find(
      ({ mask, members }) => mask === 'hash' || [...members.values()].includes('hash'),
    );
    if (hashed && hashKey === null) {
      throw new AuditConfigurationError(
        `${meta.className}.${hashed.path} is masked with 'hash', but AuditModule has no hashKey.`,
        'Give AuditModule.forRoot({ hashKey }) a secret of at least 16 characters, or use another mask.',
      );
    }
  }
}
