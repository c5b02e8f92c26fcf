import { AuditError } from './audit-error.js';

/** History was asked of a class that has no audit policy. */
export class NotAuditedError extends AuditError {
  constructor(className: string) {
    super({
      code: 'AUDIT_NOT_AUDITED',
      message: `${className} has no audit history because it is not decorated.`,
      remedy: `Add @Audited() to ${className}, or list it in AuditModule.forRoot({ policies }).`,
      data: { className },
    });
  }
}

/** An invalid limit, cursor or id. */
export class InvalidQueryError extends AuditError {
  constructor(parameter: string, problem: string, remedy: string) {
    super({
      code: 'AUDIT_INVALID_QUERY',
      message: `The ${parameter} of the audit query ${problem}.`,
      remedy,
      data: { parameter },
    });
  }
}

/** A search took longer than it may, and was cancelled. Nothing was changed by it. */
export class QueryTimeoutError extends AuditError {
  constructor() {
    super({
      code: 'AUDIT_QUERY_TIMEOUT',
      message: 'Reading the trail took longer than it may, and was cancelled.',
      remedy: 'Narrow it: name an entity, an actor or a shorter time, and search for fewer values and texts.',
    });
  }
}

/** Nothing is recorded of an entity that is there, so the trail cannot say what it was like. */
export class HistoryUnavailableError extends AuditError {
  /**
   * @param at the instant that was asked for, for people
   */
  constructor(entityType: string, entityId: string, at: string) {
    super({
      code: 'AUDIT_HISTORY_UNAVAILABLE',
      message: `No change of ${entityType} ${entityId} is recorded, so what it was like at ${at} is not known.`,
      remedy: 'Read the row as it is now; it has not been changed since auditing began.',
      data: { entityType, entityId },
    });
  }
}
