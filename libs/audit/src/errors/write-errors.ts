import { AuditError } from './audit-error.js';
import { describeCause } from './describe-cause.js';

/** The audit rows could not be written, so the business transaction was rolled back. `cause` is the database error. */
export class AuditWriteError extends AuditError {
  constructor(cause: unknown) {
    super({
      code: 'AUDIT_WRITE_FAILED',
      message: `The audit rows could not be written, so the transaction was rolled back: ${describeCause(cause)}.`,
      remedy:
        'Remove the cause and repeat the work on a fresh EntityManager (em.fork()), because this one already believes that its changes are stored.',
      cause,
    });
  }
}

/** Capturing failed (for example a read of the state before), so the business transaction was rolled back. */
export class AuditCaptureError extends AuditError {
  constructor(entityType: string, cause: unknown) {
    super({
      code: 'AUDIT_CAPTURE_FAILED',
      message: `The change of ${entityType} could not be captured, so the transaction was rolled back: ${describeCause(cause)}.`,
      remedy: 'Remove the cause and repeat the work on a fresh EntityManager (em.fork()).',
      data: { entityType },
      cause,
    });
  }
}

/** A flush would write audited entities without any transaction, where no audit row could be atomic with them. */
export class AuditTransactionRequiredError extends AuditError {
  constructor(entityType: string) {
    super({
      code: 'AUDIT_TRANSACTION_REQUIRED',
      message: `The flush would write ${entityType} outside a transaction, so its audit rows could not be atomic with it. Nothing was sent.`,
      remedy: 'Wrap the work in em.transactional(), or do not switch implicitTransactions off.',
      data: { entityType },
    });
  }
}

/** A flush on an EntityManager whose earlier flush was rolled back: MikroORM would silently write nothing. */
export class AuditStaleEntityManagerError extends AuditError {
  constructor(entityType: string) {
    super({
      code: 'AUDIT_ENTITY_MANAGER_STALE',
      message: `An earlier flush of this EntityManager failed after ${entityType} was sent; MikroORM takes the rolled back values for stored ones, so this flush would lose them silently.`,
      remedy:
        'Discard the EntityManager after a failed flush: call em.clear() and load again, or work on em.fork().',
      data: { entityType },
    });
  }
}

/** A statement would write an audited table outside the unit of work, where nothing records it. It was not sent. */
export class UnrecordedWriteError extends AuditError {
  /** @param statement its first words */
  constructor(entityType: string, statement: string, place: string | null) {
    super({
      code: 'AUDIT_UNRECORDED_WRITE',
      message: `A statement would write ${entityType} without a trace, and was not sent: ${statement}${place === null ? '' : ` (${place})`}.`,
      remedy:
        "Load the entities, change them and flush; or say why they are written without auditing, with AuditContext.withoutAuditing(); or allow it with unrecordedWrites: 'allow' for the entity or the module.",
      data: { entityType, statement, place },
    });
  }
}
