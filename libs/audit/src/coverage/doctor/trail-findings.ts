import type { EntityMetadata } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { quoted } from '../../model/sql-names.js';
import { guardSources, writerGrants } from '../../store/privileges/granted.js';
import type { CoveredInstance } from '../tables/covered-instance.js';
import { growthOf, growthText, type TrailGrowth } from './growth.js';
import type { NewFinding } from './new-finding.js';
import { TrailCatalog } from './trail-catalog.js';

const PRIVILEGES = 'Run the script of auditPrivileges() as the owner of the tables.';
/** Of a name that no class has: counting all changes of a large trail would take too long. */
const MOST_COUNTED = 100_000;
const FORMERLY =
  'Give it in formerly: { names } to the class that has the rows now. Where there is none any more, and never was, look who has written the changes.';

/** Findings about the tables of the trail themselves. */
export async function trailFindings({ policies, trail }: CoveredInstance): Promise<readonly NewFinding[]> {
  const em = policies.orm.em.fork() as EntityManager;
  const catalog = new TrailCatalog(em);
  const found: NewFinding[] = [];
  for (const meta of trail) {
    const table = trailTable(em, meta);
    found.push(...(await indexFindings(catalog, table, meta)), ...(await privilegeFindings(catalog, table)));
  }
  return found;
}

/**
 * Names in the trail that are nobody's.
 * @param isKnown whether an audited class has a name, or has had it
 */
export async function unknownTypeFindings(
  { policies, trail }: CoveredInstance,
  isKnown: (entityType: string) => boolean,
): Promise<readonly NewFinding[]> {
  const em = policies.orm.em.fork() as EntityManager;
  const catalog = new TrailCatalog(em);
  const [changes = ''] = trail.map((meta) => trailTable(em, meta).name);
  const found: NewFinding[] = [];
  for (const entityType of await catalog.entityTypes(changes)) {
    if (!isKnown(entityType)) {
      const count = await catalog.changesOf(changes, entityType, MOST_COUNTED);
      const many = `${count}${count < MOST_COUNTED ? '' : ' or more'} ${count === 1 ? 'change' : 'changes'}`;
      const message = `The trail has ${many} under this name, which no audited class has, or has had: no check compares them.`;
      found.push(['entity-unknown', 'warning', entityType, message, FORMERLY]);
    }
  }
  return found;
}

export async function growthFinding(instance: CoveredInstance): Promise<NewFinding> {
  const name = instance.policies.orm.config.get('contextName');
  return ['growth', 'info', name, growthText(await trailGrowth(instance))];
}

export async function trailGrowth({ policies, trail }: CoveredInstance): Promise<TrailGrowth> {
  const em = policies.orm.em.fork() as EntityManager;
  const [changes = '', ...others] = trail.map((meta) => trailTable(em, meta).name);
  return growthOf(await new TrailCatalog(em).size(changes, others));
}

/** A table of the trail. */
interface TrailTable {
  /** Quoted. */
  readonly schema: string;
  /** Quoted, with its schema. */
  readonly name: string;
  readonly tableName: string;
}

function trailTable(em: EntityManager, { schema, tableName }: EntityMetadata): TrailTable {
  const place = quoted(
    schema ?? em.config.get('schema') ?? em.getPlatform().getDefaultSchemaName() ?? 'public',
  );
  return { schema: place, name: `${place}.${quoted(tableName)}`, tableName };
}

async function indexFindings(
  catalog: TrailCatalog,
  { name: table, schema }: TrailTable,
  { indexes }: EntityMetadata,
): Promise<readonly NewFinding[]> {
  const known = new Map((await catalog.indexes(table)).map(({ name, isValid }) => [name, isValid]));
  return indexes.flatMap(({ name }): NewFinding[] => {
    if (name === undefined || known.get(name) === true) {
      return [];
    }
    return known.has(name)
      ? [
          [
            'index-invalid',
            'error',
            name,
            'The index is not valid, so no search uses it.',
            `reindex index concurrently ${schema}.${quoted(name)}`,
          ],
        ]
      : [
          [
            'index-missing',
            'error',
            name,
            'The index is not there.',
            'Create a migration: the tables are those of auditEntities.',
          ],
        ];
  });
}

async function privilegeFindings(
  catalog: TrailCatalog,
  { name: table, schema, tableName }: TrailTable,
): Promise<readonly NewFinding[]> {
  const grants = writerGrants(tableName);
  const expectedGuard = guardSources(schema).get(tableName);
  const { role, mayChange, missing, owner, ownerLogsIn, guard } = await catalog.privileges(
    table,
    grants.columns,
  );
  const found: NewFinding[] = [];
  if (mayChange) {
    const message = `The role ${role} may change or delete what is recorded.`;
    found.push(['trail-changeable', 'warning', table, message, PRIVILEGES]);
  }
  if (missing.length > 0) {
    const message = `The role ${role} may not write, or not read, ${missing.join(', ')}: what needs it fails.`;
    found.push(['grants-missing', 'error', table, message, `${PRIVILEGES} It is of an earlier version.`]);
  }
  for (const { role: other, privileges } of await catalog.excessiveGrants(table, grants)) {
    const message = `The role ${other} has ${privileges.join(', ')}, which no role but the owner needs.`;
    found.push(['grants-excessive', 'warning', `${table} ${other}`, message, PRIVILEGES]);
  }
  if (guard === null && expectedGuard !== undefined) {
    const message = 'Roles that may write it can add rows of what did not happen.';
    found.push(['guard-missing', 'warning', table, message, PRIVILEGES]);
  } else if (guard !== null && guard !== expectedGuard) {
    const message =
      'The guard is not the one of this version: it refuses what is right, or lets pass what is not.';
    found.push(['guard-outdated', 'warning', table, message, PRIVILEGES]);
  }
  if (guard !== null && ownerLogsIn) {
    const message = `The role ${owner} owns the table and can log in, so it can change what is recorded and the guard.`;
    found.push(['owner-can-log-in', 'warning', `${table} ${owner}`, message, PRIVILEGES]);
  }
  return found;
}
