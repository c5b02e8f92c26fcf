import type { EntityManager } from '@mikro-orm/postgresql';
import type { CoveredInstance } from '../coverage/tables/covered-instance.js';
import { AuditCliError } from '../errors/cli-errors.js';
import { DatabaseLog, type RunQuery } from '../evidence/database/database-log.js';
import type { LogTables } from '../evidence/database/log-tables.js';
import type { SqlTransaction } from '../model/sql-transaction.js';
import { runStatement } from '../store/sql/sql-statement.js';
import { tableNamesOf } from '../store/tables/table-names.js';

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
      'Create the tables of this version with a migration, and seal the trail by the option evidence of AuditModule.',
    );
  }
}
