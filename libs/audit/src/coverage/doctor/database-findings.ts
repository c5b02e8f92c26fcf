import { type EntityMetadata, Utils } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { AuditPostgreSqlDriver } from '../../capture/orm/audit-driver.js';
import type { CoveredInstance } from '../tables/covered-instance.js';
import { Catalog } from './catalog.js';
import type { NewFinding } from './new-finding.js';
import { triggerFindings } from './trigger-findings.js';

/** In seconds. */
const OLD_TRANSACTION = 300;

/** The findings about a MikroORM instance and its database as a whole. */
export async function databaseFindings(instance: CoveredInstance): Promise<readonly NewFinding[]> {
  const { policies, triggers } = instance;
  const { orm } = policies;
  const catalog = new Catalog(orm.em.fork() as EntityManager);
  const name = orm.config.get('contextName');
  const found: NewFinding[] = [
    ...(await triggerFindings(catalog, triggers?.names ?? new Map(), triggers?.bodies)),
  ];
  for (const role of triggers ? await catalog.rolesWithoutTriggers() : []) {
    const message = `Triggers do not run for ${role}: session_replication_role is replica by default.`;
    found.push(['trigger-off', 'error', role, message, `alter role ... reset session_replication_role`]);
  }
  if (!(orm.em.getDriver() instanceof AuditPostgreSqlDriver)) {
    const remedy = 'Add driver: AuditPostgreSqlDriver to the MikroORM configuration.';
    found.push(['driver-blind', 'warning', name, 'Writes past the unit of work go unnoticed.', remedy]);
  }
  const seconds = await catalog.oldestTransaction();
  if (seconds > OLD_TRANSACTION) {
    const message = `A transaction is open for ${Math.round(seconds)} seconds, and holds back vacuum and checks from a position.`;
    const remedy = 'Look for it in pg_stat_activity, and end it.';
    found.push(['transaction-old', 'warning', orm.config.get('dbName') ?? '', message, remedy]);
  }
  for (const { className } of unauditedClasses(instance)) {
    found.push(['entity-unaudited', 'info', className, 'No policy says that it is audited.']);
  }
  const server = await catalog.serverVersion();
  const versions = `PostgreSQL ${server}, MikroORM ${Utils.getORMVersion()}, Node ${process.versions.node}.`;
  found.push(['versions', 'info', name, versions]);
  return found;
}

/** Classes with a table that no policy says anything of. */
export function unauditedClasses({ policies, trail }: CoveredInstance): readonly EntityMetadata[] {
  return [...policies.orm.getMetadata().getAll().values()].filter((meta) => {
    const hasRows = !(meta.embeddable || meta.virtual || meta.view || meta.pivotTable || meta.abstract);
    return hasRows && !trail.includes(meta as EntityMetadata) && !policies.find(meta);
  }) as EntityMetadata[];
}
