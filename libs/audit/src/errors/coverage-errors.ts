import { AuditError } from './audit-error.js';

/** An option of a baseline or a check that cannot be. Nothing was read or written. */
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
