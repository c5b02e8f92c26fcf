import { INSERTED_COLUMNS, READ_COLUMNS } from '../write/inserted-columns.js';
import { changeGuardSql, readGuardSql } from './write-guard.js';

/** The rights that the script of `auditPrivileges()` leaves a role that adds rows to an audit table. */
export interface WriterGrants {
  /** Whether whole rows; else by the columns below. */
  readonly rows: boolean;
  /** Columns that every writer fills. */
  readonly columns: readonly string[];
}

const GRANTS: ReadonlyMap<string, WriterGrants> = new Map([
  ['audit_change', { rows: false, columns: INSERTED_COLUMNS }],
  ['audit_read', { rows: false, columns: READ_COLUMNS }],
]);

/** Positions are given by one role, which need not be the writer. */
const OF_POSITIONS: WriterGrants = { rows: true, columns: [] };

export function writerGrants(tableName: string): WriterGrants {
  return GRANTS.get(tableName) ?? OF_POSITIONS;
}

/**
 * The texts of the functions of the guards, by table, as PostgreSQL keeps them; none of tables without a guard.
 * @param schema quoted
 */
export function guardSources(schema: string): ReadonlyMap<string, string> {
  const bodyOf = (sql: string): string => sql.split('$guard$')[1] ?? '';
  return new Map([
    ['audit_change', bodyOf(changeGuardSql(schema))],
    ['audit_read', bodyOf(readGuardSql(schema))],
  ]);
}
