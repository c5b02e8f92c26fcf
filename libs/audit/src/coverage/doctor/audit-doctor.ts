import type { EntityMetadata } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { AuditPostgreSqlDriver } from '../../capture/orm/audit-driver.js';
import { columnText } from '../../capture/orm/row-key.js';
import { RowPages } from '../../capture/orm/row-pages.js';
import { type CoverageScope, type CoveredClass, coveredClasses } from '../tables/covered-classes.js';
import { type CoveredInstance, CoveredInstances } from '../tables/covered-instance.js';
import { toldEntities } from '../tables/told-entities.js';
import { Catalog } from './catalog.js';
import type { DoctorFinding, DoctorSeverity } from './doctor-finding.js';
import type { NewFinding } from './new-finding.js';
import { isOfOthers, triggerFindings } from './trigger-findings.js';

/** Rows of each class of which it is looked up whether the trail knows them. */
const PROBED_ROWS = 1_000;
const OLD_TRANSACTION = 300;
const PRIVILEGES = 'Run the script of auditPrivileges() as the owner of the tables.';

/** One look at the database and the policy: what is audited, and what could keep the trail from being whole. It only reads. */
@Injectable()
export class AuditDoctor {
  constructor(@Inject(CoveredInstances) private readonly instances: CoveredInstances) {}

  /**
   * @returns findings, those that are errors first; `property-masked` and the like say what the policy means
   * @throws NotAuditedError, InvalidCoverageError as `AuditCheck.run` does
   */
  async examine(scope: CoverageScope = {}): Promise<readonly DoctorFinding[]> {
    const classes = await coveredClasses(this.instances.all(), scope, 'AuditDoctor.examine');
    const found: NewFinding[] = [];
    const instances = new Map(classes.map(({ instance }) => [instance.policies.orm, instance]));
    for (const instance of instances.values()) {
      found.push(...(await ofInstance(instance)));
    }
    for (const covered of classes) {
      found.push(...(await ofClass(covered)));
    }
    const order: readonly DoctorSeverity[] = ['error', 'warning', 'info'];
    return found
      .map(([code, severity, subject, message, remedy]) => ({
        code,
        severity,
        subject,
        message,
        remedy: remedy ?? null,
      }))
      .sort((one, other) => order.indexOf(one.severity) - order.indexOf(other.severity));
  }
}

async function ofInstance({ policies, trail, triggers }: CoveredInstance): Promise<readonly NewFinding[]> {
  const { orm } = policies;
  const em = orm.em.fork() as EntityManager;
  const catalog = new Catalog(em);
  const found: NewFinding[] = [];
  for (const meta of trail) {
    const table = quotedTable(em, meta);
    const known = new Map((await catalog.indexes(table)).map(({ name, isValid }) => [name, isValid]));
    for (const { name } of meta.indexes) {
      if (name !== undefined && known.get(name) !== true) {
        const isThere = known.has(name);
        const message = isThere ? 'The index is not valid, so no search uses it.' : 'The index is not there.';
        const remedy = isThere
          ? `reindex index concurrently ${name}`
          : 'Create a migration: the tables are those of auditEntities.';
        found.push([isThere ? 'index-invalid' : 'index-missing', 'error', name, message, remedy]);
      }
    }
    const { role, change, guarded } = await catalog.privileges(table);
    if (change) {
      found.push([
        'trail-changeable',
        'warning',
        table,
        `The role ${role} may change or delete what is recorded.`,
        PRIVILEGES,
      ]);
    }
    if (!guarded) {
      found.push([
        'guard-missing',
        'warning',
        table,
        'Whoever may write it can add rows of what did not happen.',
        PRIVILEGES,
      ]);
    }
  }
  found.push(...(await triggerFindings(catalog, triggers)));
  if (!(orm.em.getDriver() instanceof AuditPostgreSqlDriver)) {
    const remedy = 'Add driver: AuditPostgreSqlDriver to the MikroORM configuration.';
    found.push([
      'driver-blind',
      'warning',
      orm.config.get('contextName'),
      'Writes past the unit of work go unnoticed.',
      remedy,
    ]);
  }
  const seconds = await catalog.oldestTransaction();
  if (seconds > OLD_TRANSACTION) {
    const message = `A transaction is open for ${Math.round(seconds)} seconds, and holds back vacuum.`;
    found.push([
      'transaction-old',
      'warning',
      orm.config.get('dbName') ?? '',
      message,
      'Look for it in pg_stat_activity, and end it.',
    ]);
  }
  for (const meta of orm.getMetadata().getAll().values()) {
    const hasRows = !(meta.embeddable || meta.virtual || meta.view || meta.pivotTable || meta.abstract);
    if (hasRows && !trail.includes(meta as EntityMetadata) && !policies.find(meta)) {
      found.push(['entity-unaudited', 'info', meta.className, 'No policy says that it is audited.']);
    }
  }
  const versions = `PostgreSQL ${await catalog.serverVersion()}, Node ${process.versions.node}`;
  found.push(['versions', 'info', orm.config.get('contextName'), `${versions}.`]);
  return found;
}

async function ofClass(covered: CoveredClass): Promise<readonly NewFinding[]> {
  const { policy, codec, instance } = covered;
  const { meta, entityType } = policy;
  const em = instance.policies.orm.em.fork() as EntityManager;
  const pages = new RowPages(em, codec, 'write');
  const catalog = new Catalog(em);
  const found: NewFinding[] = [];
  const ids = await pages.ids({ after: null, limit: PROBED_ROWS, where: null });
  const told = await toldEntities(covered, ids);
  const untold = ids.filter((id) => !told.has(id)).length;
  if (untold > 0) {
    const message = `The trail does not know the beginning of ${untold} of the first ${ids.length} rows.`;
    found.push([
      'rows-without-baseline',
      'error',
      entityType,
      message,
      `mikro-audit baseline --entity ${policy.name}`,
    ]);
  }
  const { defaultDeleteRule } = em.config.get('schemaGenerator');
  const rules = new Map(
    meta.relations.map(({ fieldNames, deleteRule = defaultDeleteRule }) => [
      columnText(fieldNames ?? []),
      deleteRule?.toLowerCase(),
    ]),
  );
  for (const { name, columns, rule } of await catalog.actingForeignKeys(pages.table)) {
    if (rules.get(columnText(columns)) !== rule) {
      const message = `The database does "${rule}" to rows of ${entityType} by itself, which MikroORM does not know.`;
      found.push([
        'foreign-key-unknown',
        'error',
        name,
        message,
        `Declare deleteRule: '${rule}' on the relation, or change the constraint.`,
      ]);
    }
  }
  const present = await catalog.triggers(pages.table);
  if (instance.triggers.size === 0) {
    found.push(...(await triggerFindings(catalog, new Map([[pages.table, []]]))));
  }
  for (const { name } of present.filter(isOfOthers)) {
    const message = `What it does to other rows than those of ${entityType} that are written is not recorded.`;
    found.push([
      'trigger-unknown',
      'warning',
      name,
      message,
      'Look at what it does; exact: true records what it does to the row itself.',
    ]);
  }
  for (const { name } of meta.props.filter(({ persist, kind }) => persist !== false && kind === 'scalar')) {
    const property = policy.properties.get(name);
    if (!property) {
      found.push([
        'property-ignored',
        'info',
        `${entityType}.${name}`,
        'It leaves no trace, as the policy says.',
      ]);
    } else if (property.mask !== null) {
      found.push([
        'property-masked',
        'info',
        `${entityType}.${property.path}`,
        `Its values are hidden by the mask ${property.mask}.`,
      ]);
    }
  }
  return found;
}

function quotedTable(em: EntityManager, { schema, tableName }: EntityMetadata): string {
  const place = schema ?? em.config.get('schema');
  return em.getPlatform().quoteIdentifier(place ? `${place}.${tableName}` : tableName);
}
