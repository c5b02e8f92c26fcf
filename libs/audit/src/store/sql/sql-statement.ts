import type { IDatabaseDriver } from '@mikro-orm/core';
import { rawQuery } from '../../model/raw-query.js';
import type { SqlResult, SqlTransaction, StatementAbort } from '../../model/sql-transaction.js';

/** A statement with its bound values. */
export interface BoundStatement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** A statement that is parsed and planned once per connection. */
export interface PreparedStatement {
  /** Unique per text. */
  readonly name: string;
  readonly text: string;
}

/** Makes the exceptions of MikroORM from those of the database driver. */
export type ExceptionSource = Pick<IDatabaseDriver, 'convertException'>;

/** The rows that a statement answers with, see `executeStatement`. */
export async function runStatement<Row>(
  transaction: SqlTransaction,
  statement: string | PreparedStatement,
  parameters: readonly unknown[],
  exceptions: ExceptionSource,
  abort?: StatementAbort,
): Promise<readonly Row[]> {
  const { rows } = await executeStatement(transaction, statement, parameters, exceptions, abort);
  return rows as readonly Row[];
}

/**
 * Runs one statement with bound parameters on the transaction's own connection. MikroORM's own `execute` would
 * inline the parameters into the text, which is slow for large ones and shows audit values to its query log.
 * @throws the exceptions that it would throw
 */
export async function executeStatement(
  transaction: SqlTransaction,
  statement: string | PreparedStatement,
  parameters: readonly unknown[],
  exceptions: ExceptionSource,
  abort?: StatementAbort,
): Promise<SqlResult> {
  try {
    // Kysely hands the text to `pg` as it is, and `pg` takes a query config with a name for a prepared statement.
    return await transaction.executeQuery(rawQuery(statement, parameters), abort);
  } catch (error) {
    throw error instanceof Error ? exceptions.convertException(withoutValues(error)) : error;
  }
}

/** PostgreSQL puts values of rows into these parts of an error, which is logged with whatever it is the cause of. */
function withoutValues(error: Error): Error {
  return Object.assign(error, 'detail' in error ? { detail: undefined, where: undefined } : {});
}
