import type { RestoreConflict } from '../model/restore-conflict.js';
import { AuditError } from './audit-error.js';

/** Something that the plan depends on has changed since it was made. Nothing was restored. */
export class StalePlanError extends AuditError {
  /** @param what for people, what was to be restored */
  constructor(what: string) {
    super({
      code: 'AUDIT_RESTORE_STALE',
      message: `The plan to restore ${what} is stale: something that it depends on has changed since. Nothing was restored.`,
      remedy: 'Plan again, look at what would change now, and apply that plan.',
    });
  }
}

/** The plan has conflicts that block it. Nothing was restored. */
export class RestoreConflictError extends AuditError {
  /** @param conflicts the blocking ones */
  constructor(
    what: string,
    readonly conflicts: readonly RestoreConflict[],
  ) {
    super({
      code: 'AUDIT_RESTORE_CONFLICT',
      message: `Restoring ${what} is blocked: ${conflicts.map(({ message }) => message).join(' ')}`,
      remedy:
        'Remove the causes, leave properties out, or plan again with accept for the kinds that are acceptable.',
      data: {
        conflicts: conflicts.map(({ kind, entityType, entityId, path, acceptable }) => ({
          kind,
          entityType,
          entityId,
          path,
          acceptable,
        })),
      },
    });
  }
}
