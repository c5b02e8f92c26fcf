import { type EntityMetadata, type MikroORM, Utils } from '@mikro-orm/core';
import { auditEntities } from 'nestjs-mikro-audit';
import pg, { type Client } from 'pg';
import type { TestEntity } from '../support/test-entity.js';
import { checkTrail } from './checker.js';
import { readColumns, tableKey } from './database-columns.js';
import { parseExactJson } from './exact-json.js';
import { type Finding, printFindings } from './finding.js';
import type { CheckOptions, OracleInput, TrailChange, TrailRevision } from './input.js';
import { type AuditedClass, modelEntities, tenantsOf } from './metadata.js';
import type { EntityModel } from './model.js';
import { emptying, installShadow, quoteTable, readShadow, readTables } from './shadow.js';

/** An audited class as its policy declares it; written down again here, so that the oracle believes no library code. */
interface OracleEntity {
  readonly entity: TestEntity;
  /** @default the class name */
  readonly name?: string;
  /** MikroORM's property names. */
  readonly ignore?: readonly string[];
}

export interface OracleOptions {
  /** @default every class with a table, but the library's own and link tables */
  readonly entities?: readonly (OracleEntity | TestEntity)[];
  /** Classes of `entities` that are not audited. */
  readonly except?: readonly TestEntity[];
  /** The schemas of tenants, each of which has a table of every class with `schema: '*'`. */
  readonly tenants?: readonly string[];
  /** True goes on from triggers that an earlier oracle has installed on empty tables. @default false */
  readonly resumes?: boolean;
}

/** Knows what really happened in the audited tables of one database. */
export interface Oracle {
  /** @throws OracleError when the trail is not exactly what happened. Nobody may write meanwhile. */
  verify(options?: CheckOptions): Promise<void>;
  /** The findings of `verify` as data. */
  findings(options?: CheckOptions): Promise<readonly Finding[]>;
  /** Both sides, to look at. */
  read(): Promise<OracleInput>;
  /** Empties all tables of the ORM, the trail and the truth; sequences start again. */
  clear(): Promise<void>;
  /** Empties the trail and the truth only: the rows of now are from before the trail began. */
  forget(): Promise<void>;
  /** Ends the connection of the oracle. */
  close(): Promise<void>;
}

/** The trail is not exactly what happened. */
export class OracleError extends Error {
  constructor(readonly findings: readonly Finding[]) {
    super(`The trail differs from what happened in ${findings.length} places:\n${printFindings(findings)}`);
    this.name = 'OracleError';
  }
}

/** The part of a MikroORM instance that the oracle looks at, of whatever driver type. */
export type OracleOrm = Pick<MikroORM, 'config' | 'getMetadata'>;

/** Installs the shadow triggers. Rows that are there already are the baseline. One oracle per database. */
export async function installOracle(orm: OracleOrm, options: OracleOptions = {}): Promise<Oracle> {
  const client = new pg.Client({ connectionString: orm.config.get('clientUrl') });
  // Dropping the database cuts the connection.
  client.on('error', () => undefined);
  await client.connect();
  const { tenants = [], resumes = false } = options;
  const columns = await readColumns(client);
  const entities = modelEntities(orm, auditedClasses(orm, options), columns, tenants);
  const tables = [...new Set(entities.flatMap(tablesOf))];
  if (!resumes) {
    await installShadow(client, tables);
  }
  const trail = trailTables(orm);
  const emptyTables = await emptying(client, [...allTables(orm, tenants), 'shadow.truth']);
  const emptyTrail = await emptying(client, [...trail.all, 'shadow.truth']);
  let baseline = resumes ? {} : await readTables(client, tables);

  const read = async (): Promise<OracleInput> => {
    await client.query('begin isolation level repeatable read read only');
    try {
      const truth = await readShadow(client);
      const current = await readTables(client, tables);
      return { entities, truth, ...(await readTrailTables(client, trail)), current, baseline };
    } finally {
      await client.query('commit');
    }
  };
  const findings = async (check?: CheckOptions): Promise<Finding[]> => checkTrail(await read(), check);
  return {
    read,
    findings,
    async verify(check) {
      const found = await findings(check);
      if (found.length > 0) {
        throw new OracleError(found);
      }
    },
    async clear() {
      await client.query(emptyTables);
      baseline = {};
    },
    async forget() {
      await client.query(emptyTrail);
      baseline = await readTables(client, tables);
    },
    async close() {
      await client.end();
    },
  };
}

function auditedClasses(orm: OracleOrm, { entities, except = [] }: OracleOptions): AuditedClass[] {
  const metadata = orm.getMetadata();
  const excluded = new Set(except.map((entity) => metadata.get(entity)));
  const declared =
    entities?.map((one): OracleEntity => (isDeclaration(one) ? one : { entity: one })) ??
    [...metadata.getAll().values()].filter(hasOwnRows).map((meta): OracleEntity => ({ entity: meta.class }));
  return declared
    .map(({ entity, name, ignore = [] }) => {
      const meta = metadata.get(entity) as EntityMetadata;
      return { meta, name: name ?? meta.className, ignore };
    })
    .filter(({ meta }) => !excluded.has(meta));
}

function isDeclaration(one: OracleEntity | TestEntity): one is OracleEntity {
  return Utils.isPlainObject(one) && 'entity' in one;
}

function hasOwnRows(meta: EntityMetadata): boolean {
  const isTrail = (auditEntities as readonly object[]).includes(meta.class);
  return !(isTrail || meta.embeddable || meta.virtual || meta.view || meta.pivotTable || meta.abstract);
}

function tablesOf({ tables, subclassTables, links }: EntityModel): string[] {
  return [...tables, ...subclassTables, ...links.map(({ table }) => table)];
}

function allTables(orm: OracleOrm, tenants: readonly string[]): Set<string> {
  const stored = [...orm.getMetadata().getAll().values()].filter(
    ({ embeddable, virtual, view, tableName }) => !(embeddable || virtual || view) && tableName !== undefined,
  );
  return new Set(
    stored.flatMap((meta) =>
      tenantsOf(meta, tenants).map((tenant) =>
        tableKey(tenant ?? meta.schema ?? orm.config.get('schema'), meta.tableName),
      ),
    ),
  );
}

/** Who, when and why of a revision, and of a change. */
const BRIEF =
  'jsonb_build_array(recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id)::text';

/** Who acted, and for whom, however they are called. */
const ACTOR = "jsonb_build_array(actor_type, actor_id, on_behalf_of ->> 'type', on_behalf_of ->> 'id')::text";

interface TrailTables {
  readonly change: string;
  readonly read: string;
  readonly all: readonly string[];
}

function trailTables(orm: OracleOrm): TrailTables {
  const all = auditEntities.map((entity) => {
    const meta = orm.getMetadata().get<object>(entity);
    return tableKey(meta.schema ?? orm.config.get('schema'), meta.tableName);
  });
  const [change, read] = all;
  return { change: change as string, read: read as string, all };
}

async function readTrailTables(client: Client, { change, read }: TrailTables) {
  const { rows: revisions } = await client.query<TrailRevision>(
    `select r.id::text, transaction_id::text as "transactionId", ${ACTOR} as actor, ${BRIEF} as brief from ${quoteTable(change)} r
     where r.revision_id is null and (r.entity_type is not null or exists (select from ${quoteTable(change)} c where c.revision_id = r.id)
       or r.action is null and not exists (select from ${quoteTable(read)} d where d.revision_id = r.id))
     order by r.id`,
  );
  const { rows } = await client.query<Record<keyof TrailChange, string>>(
    `select id::text, coalesce(revision_id, id)::text as "revisionId", entity_type as "entityType", entity_id as "entityId",
       operation, before::text, after::text, ${BRIEF} as brief from ${quoteTable(change)} c
     where entity_type is not null order by c.id`,
  );
  const changes = rows.map((row) => ({ ...row, before: parseSide(row.before), after: parseSide(row.after) }));
  return { revisions, changes };
}

function parseSide(text: string | null): TrailChange['before'] {
  return text === null ? null : (parseExactJson(text) as TrailChange['before']);
}
