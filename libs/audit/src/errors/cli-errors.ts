import { AuditError } from './audit-error.js';

/** `mikro-audit` could not do its work: the command line is wrong, there is no app, or somebody has ended it. */
export class AuditCliError extends AuditError {
  constructor(message: string, remedy: string, cause?: unknown) {
    super({ code: 'AUDIT_CLI', message, remedy, cause });
  }
}
