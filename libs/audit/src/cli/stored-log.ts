import type { EntityManager } from '@mikro-orm/postgresql';
import type { CoveredInstance } from '../coverage/tables/covered-instance.js';
import { AuditCliError } from '../errors/cli-errors.js';
import { DatabaseLog, type RunQuery } from '../evidence/database/database-log.js';
import type { LogTables } from '../evidence/database/log-tables.js';
import type { SqlTransaction } from '../model/sql-transaction.js';
import { runStatement } from '../store/sql/sql-statement.js';

/** Columns by which it is told whether the rows of a trail are sealed. */
const SEALED = ['leaf_hash', 'seed', 'salts'];

/**
 * Reads the log of an instance in a transaction that the server lets do nothing but read.
 * @param name of the instance; undefined where there is only one
 */
export async function withStoredLog<Result>(
  instances: readonly CoveredInstance[],
  name: string | undefined,
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
  const { orm } = instance.policies;
  return orm.em.fork().transactional(
    async (em) => {
      const transaction = (em as EntityManager).getTransactionContext<SqlTransaction>() as SqlTransaction;
      const run: RunQuery = (sql, parameters) => runStatement(transaction, sql, parameters, em.getDriver());
      const tables = tablesOf(instance);
      await assertSealed(tables, run);
      return work(new DatabaseLog(tables, run));
    },
    { readOnly: true },
  );
}

/** All tables of a trail are in the schema of its changes. */
function tablesOf({ policies: { orm }, trail }: CoveredInstance): LogTables {
  const platform = orm.em.getPlatform();
  const schema = trail[0]?.schema ?? orm.config.get('schema');
  const quoted = (table: string): string => {
    const name = platform.quoteIdentifier(table);
    return schema && schema !== '*' ? `${platform.quoteIdentifier(schema)}.${name}` : name;
  };
  return {
    change: quoted('audit_change'),
    read: quoted('audit_read'),
    position: quoted('audit_position'),
    hash: quoted('audit_tree_hash'),
  };
}

async function assertSealed({ position, hash }: LogTables, run: RunQuery): Promise<void> {
  const [found] = await run<{ readonly columns: number; readonly hasHashes: boolean }>(
    `select count(*)::int as columns, to_regclass($2) is not null as "hasHashes" from pg_attribute
    where attrelid = to_regclass($1) and attname = any (select jsonb_array_elements_text($3::jsonb))`,
    [position, hash, JSON.stringify(SEALED)],
  );
  if (found?.columns !== SEALED.length || !found.hasHashes) {
    throw new AuditCliError(
      `The trail is not sealed: ${position} with ${SEALED.join(', ')}, or ${hash}, is missing.`,
      'Create the tables of this version with a migration, and let the sequencer seal.',
    );
  }
}
