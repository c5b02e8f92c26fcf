import { AuditError } from './audit-error.js';

/** An invalid option of a baseline or a check. Nothing was read or written. */
export class InvalidCoverageError extends AuditError {
  /** @param method such as `AuditBaseline.run` */
  constructor(method: string, option: string, problem: string, remedy: string) {
    super({
      code: 'AUDIT_INVALID_COVERAGE',
      message: `The option ${option} of ${method}() ${problem}.`,
      remedy,
      data: { method, option },
    });
  }
}

/** How a role sees the rows of all tenants. */
export const SEES_ALL_ROWS =
  'Use a role with BYPASSRLS, or one that owns the tables where they do not say FORCE ROW LEVEL SECURITY.';

/** Row level security hides rows from the role of the connection, so nobody can say which rows there are. Nothing was written. */
export class HiddenRowsError extends AuditError {
  /**
   * @param method such as `AuditCheck.run`
   * @param role of the connection
   * @param tables quoted names
   */
  constructor(method: string, entityType: string, role: string, tables: readonly string[]) {
    super({
      code: 'AUDIT_ROWS_HIDDEN',
      message: `${method}() cannot see all rows of ${entityType}: row level security of ${tables.join(', ')} applies to the role ${role}.`,
      remedy: SEES_ALL_ROWS,
      data: { method, entityType, role, tables },
    });
  }
}
