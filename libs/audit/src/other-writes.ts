import type { MikroORM } from '@mikro-orm/core';
import { Logger } from '@nestjs/common';
import { AuditPostgreSqlDriver } from './capture/orm/audit-driver.js';
import { schemaOf } from './capture/orm/schema-facts.js';
import { writtenTables } from './capture/orm/written-tables.js';
import { UnrecordedWrites } from './capture/unrecorded-writes.js';
import type { AuditContext } from './context/audit-context.js';
import { AuditConfigurationError } from './errors/configuration-error.js';
import type { ResolvedAuditOptions } from './options/audit-options.js';
import type { EntityPolicy } from './policy/entity-policy.js';
import type { PolicyRegistry } from './policy/policy-registry.js';
import type { TriggerPlan } from './triggers/trigger-plan.js';

const logger = new Logger('AuditModule');

/** How writes outside the unit of work are noticed. */
export interface OtherWrites {
  readonly driver: AuditPostgreSqlDriver;
  readonly writes: UnrecordedWrites;
}

/**
 * Has the driver notice writes outside the unit of work that no trigger records, and says at boot how the entities are covered.
 * @param triggers null where there are none
 * @returns null with MikroORM's own driver, which notices nothing
 * @throws AuditConfigurationError where an option is invalid, or would have no effect
 */
export function noticeOtherWrites(
  orm: MikroORM,
  policies: PolicyRegistry,
  { unrecordedWrites }: ResolvedAuditOptions,
  context: AuditContext,
  triggers: TriggerPlan | null,
): OtherWrites | null {
  const name = orm.config.get('contextName');
  const driver = orm.em.getDriver();
  const all = policies.all();
  const recorded = new Set<object>(triggers?.policies.map(({ meta }) => meta.class));
  const others = all.filter(({ meta }) => !recorded.has(meta.class));
  const count = `The unit of work of "${name}" audits ${entities(all.length)}.`;
  if (!(driver instanceof AuditPostgreSqlDriver)) {
    refuseWithout(name, all, unrecordedWrites !== null, triggers !== null);
    logger.warn(
      `${count} Other writes to them leave no trace and go unnoticed; driver: AuditPostgreSqlDriver notices them.`,
    );
    return null;
  }
  refuseIdle(all, others, unrecordedWrites !== null);
  const writes = new UnrecordedWrites(all, {
    isRecorded: ({ meta }) => recorded.has(meta.class),
    byDefault: unrecordedWrites ?? 'warn',
    schema: schemaOf(orm.em),
    em: orm.em,
    suspension: () => context.suspension(),
    warn: (message) => logger.warn(message),
  });
  if (!triggers) {
    driver.guardStatements((source, sql) => {
      if (!('flush' in source)) {
        writes.check(sql, writtenTables(sql), source.schema);
      }
      return '';
    });
  }
  const byTriggers = recorded.size > 0 ? ` Triggers record other writes to ${entities(recorded.size)}.` : '';
  const noticed =
    others.length > 0
      ? ` Other writes to ${recorded.size > 0 ? entities(others.length) : 'them'} are noticed: ${writes.coverage}${reasonsOf(triggers)}.`
      : '';
  logger.log(`${count}${byTriggers}${noticed}`);
  return { driver, writes };
}

function entities(count: number): string {
  return `${count} ${count === 1 ? 'entity' : 'entities'}`;
}

function reasonsOf(triggers: TriggerPlan | null): string {
  const reasons = [...(triggers?.without ?? [])].map(([{ name }, reason]) => `${name} (${reason})`);
  return reasons.length > 0 ? `; no triggers for ${reasons.join(', ')}` : '';
}

function refuseWithout(
  name: string,
  all: readonly EntityPolicy[],
  hasOption: boolean,
  hasTriggers: boolean,
): void {
  const entity = all.find((policy) => policy.unrecordedWrites !== null);
  if (hasTriggers) {
    throw new AuditConfigurationError(
      `The MikroORM configuration "${name}" has auditTriggers(), but its driver does not tell them which statements the unit of work records: every change would be recorded twice.`,
      'Add driver: AuditPostgreSqlDriver to that configuration.',
    );
  }
  if (entity || hasOption) {
    throw new AuditConfigurationError(
      `${entity ? entity.meta.className : 'AuditModule'} has the option unrecordedWrites, but the driver of the MikroORM configuration "${name}" does not tell of statements outside the unit of work.`,
      'Add driver: AuditPostgreSqlDriver to that configuration, or remove unrecordedWrites.',
    );
  }
}

/** A rule for unrecorded writes to what triggers record says nothing. */
function refuseIdle(all: readonly EntityPolicy[], others: readonly EntityPolicy[], hasOption: boolean): void {
  const entity = all.find((policy) => policy.unrecordedWrites !== null && !others.includes(policy));
  if (entity || (hasOption && others.length === 0)) {
    throw new AuditConfigurationError(
      `${entity ? entity.meta.className : 'AuditModule'} has the option unrecordedWrites, but auditTriggers() records every write.`,
      'Remove unrecordedWrites.',
    );
  }
}
