import { AuditError } from './audit-error.js';

/** The command line of `mikro-audit` says something that cannot be, or names no app. Nothing was read or written. */
export class AuditCliError extends AuditError {
  constructor(message: string, remedy: string, cause?: unknown) {
    super({ code: 'AUDIT_CLI', message, remedy, cause });
  }
}
