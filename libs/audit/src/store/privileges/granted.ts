import { INSERTED_COLUMNS, READ_COLUMNS } from '../write/inserted-columns.js';
import { changeGuardSql, readGuardSql } from './write-guard.js';

/** The columns of an audit table that a writer fills. */
export function grantedColumns(tableName: string): readonly string[] {
  return tableName === 'audit_read' ? READ_COLUMNS : INSERTED_COLUMNS;
}

/**
 * The texts of the functions of the guards, by table, as PostgreSQL keeps them.
 * @param schema quoted
 */
export function guardSources(schema: string): ReadonlyMap<string, string> {
  const bodyOf = (sql: string): string => sql.split('$guard$')[1] ?? '';
  return new Map([
    ['audit_change', bodyOf(changeGuardSql(schema))],
    ['audit_read', bodyOf(readGuardSql(schema))],
  ]);
}
