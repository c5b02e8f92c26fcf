import { CompiledQuery } from 'kysely';
import type { SqlTransaction } from './audit-store.js';

/**
 * Runs one statement with bound parameters on the transaction's own connection. MikroORM's own `execute` would
 * inline the parameters into the text, which is slow for large ones and shows audit values to its query log.
 */
export async function runStatement<Row>(
  transaction: SqlTransaction,
  sql: string,
  parameters: readonly unknown[],
): Promise<readonly Row[]> {
  const result = await transaction.executeQuery(CompiledQuery.raw(sql, [...parameters]));
  return result.rows as readonly Row[];
}
