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

/** A limit, cursor or id that cannot be. */
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

/** The trail does not reach back far enough to say what an entity was like. It would have to guess. */
export class HistoryUnavailableError extends AuditError {
  /**
   * @param at the instant that was asked for, for people
   * @param missing properties whose value then is not recorded; empty when nothing of that time is
   */
  constructor(entityType: string, entityId: string, at: string, missing: readonly string[]) {
    const what = missing.length === 0 ? 'what it was like' : `its ${missing.join(', ')}`;
    super({
      code: 'AUDIT_HISTORY_UNAVAILABLE',
      message: `The history of ${entityType} ${entityId} does not begin with its creation, so ${what} at ${at} is not known.`,
      remedy: 'Ask for a later time, or read the changes that there are with history().',
      data: { entityType, entityId, missing },
    });
  }
}
