import { type EntityManager, MikroORM, PostgreSqlDriver } from '@mikro-orm/postgresql';
import type { CoveredInstance } from '../coverage/tables/covered-instance.js';
import { AuditCliError } from '../errors/cli-errors.js';
import { describeCause } from '../errors/describe-cause.js';
import { DatabaseLog, type RunQuery } from '../evidence/database/database-log.js';
import type { LogTables } from '../evidence/database/log-tables.js';
import type { SqlTransaction } from '../model/sql-transaction.js';
import { runStatement } from '../store/sql/sql-statement.js';
import { auditEntities } from '../store/tables/audit-entities.js';
import { tableNamesOf } from '../store/tables/table-names.js';

/** Where a log is that no app is asked for. */
export interface LogPlace {
  /** As `postgres://auditor@host/database`. A password that it does not have comes from PGPASSWORD or ~/.pgpass. */
  readonly url: string;
  /** Of the tables; undefined for the one that the role of the URL finds first. */
  readonly schema: string | undefined;
}

/** Milliseconds that a server is waited for. */
const PATIENCE = 10_000;

/**
 * Reads the log of a database, without any app, in a transaction that the server lets do nothing but read.
 * @param signal ends the statement that runs
 */
export async function withLogAt<Result>(
  { url, schema }: LogPlace,
  signal: AbortSignal,
  work: (log: DatabaseLog) => Promise<Result>,
): Promise<Result> {
  const server = serverOf(url);
  const orm = new MikroORM({
    driver: PostgreSqlDriver,
    clientUrl: url,
    // MikroORM passes over what a URL says behind its question mark, such as how the server has to prove who it is.
    driverOptions: { connectionString: url, connectionTimeoutMillis: PATIENCE },
    entities: [...auditEntities],
    ...(schema !== undefined && { schema }),
  });
  try {
    await assertAnswer(orm, server);
    return await withLogOf(orm, signal, work);
  } finally {
    await orm.close(true);
  }
}

/** Shows a URL without the password that it may have. */
function serverOf(url: string): string {
  const { protocol, host, pathname } = URL.parse(url) ?? {};
  if (!/^postgres(?:ql)?:$/.test(protocol ?? '') || !pathname || pathname === '/' || isMalformed(url)) {
    throw new AuditCliError(
      '--database is no URL of a PostgreSQL database.',
      'Give one as postgres://auditor@db.example.com/shop; write %25 for a percent sign, %40 for an at.',
    );
  }
  return `${host || 'this machine'}${pathname}`;
}

function isMalformed(url: string): boolean {
  try {
    decodeURI(url);
    return false;
  } catch {
    return true;
  }
}

async function assertAnswer(orm: MikroORM, server: string): Promise<void> {
  try {
    await orm.em.getConnection().execute('select 1');
  } catch (cause) {
    throw new AuditCliError(
      `The database ${server} lets nobody in (${describeCause(cause)}).`,
      'Look at host, port, role and password, and at sslmode where the server wants it.',
      cause,
    );
  }
}

/**
 * Reads the log of an instance of the app, as `withLogAt` does.
 * @param name of the instance; undefined where there is only one
 * @param signal ends the statement that runs
 */
export async function withStoredLog<Result>(
  instances: readonly CoveredInstance[],
  name: string | undefined,
  signal: AbortSignal,
  work: (log: DatabaseLog) => Promise<Result>,
): Promise<Result> {
  const named = instances.filter(
    ({ policies }) => name === undefined || policies.orm.config.get('contextName') === name,
  );
  const [instance] = named;
  if (instance === undefined || named.length > 1) {
    const names = instances.map(({ policies }) => policies.orm.config.get('contextName'));
    throw new AuditCliError(
      name === undefined ? 'The app has several trails.' : `The app has no trail of ${name}.`,
      `Give --context with one of ${names.join(', ')}.`,
    );
  }
  return withLogOf(instance.policies.orm, signal, work);
}

function withLogOf<Result>(
  orm: CoveredInstance['policies']['orm'],
  signal: AbortSignal,
  work: (log: DatabaseLog) => Promise<Result>,
): Promise<Result> {
  return orm.em.fork().transactional(
    async (em) => {
      const transaction = (em as EntityManager).getTransactionContext<SqlTransaction>() as SqlTransaction;
      // Ctrl-C waits neither for a page nor for who has locked the tables.
      const abort = { signal, inflightQueryAbortStrategy: 'cancel query' } as const;
      const run: RunQuery = (sql, parameters) =>
        runStatement(transaction, sql, parameters, em.getDriver(), abort);
      const tables = tableNamesOf(orm);
      await assertTables(tables, run);
      return work(new DatabaseLog(tables, run));
    },
    { readOnly: true },
  );
}

async function assertTables({ leaf, treeHash }: LogTables, run: RunQuery): Promise<void> {
  const [found] = await run<{ readonly areThere: boolean }>(
    'select to_regclass($1) is not null and to_regclass($2) is not null as "areThere"',
    [leaf, treeHash],
  );
  if (!found?.areThere) {
    throw new AuditCliError(
      `The trail is not sealed: the table ${leaf} or ${treeHash} is missing.`,
      'If it is in another schema, name it: --schema with --database. If it is in none, create the tables of this version with a migration, and seal the trail by the option evidence of AuditModule.',
    );
  }
}
