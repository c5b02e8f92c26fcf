import { AuditError } from './audit-error.js';

/** Something about the set-up cannot work; thrown at boot, before the app listens. */
export class AuditConfigurationError extends AuditError {
  /**
   * @param message what and where, one sentence
   * @param remedy what to change, one sentence
   */
  constructor(message: string, remedy: string) {
    super({ code: 'AUDIT_CONFIGURATION', message, remedy });
  }
}
