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

/** Restoring it would read or change what whoever asks may not see or restore. Nothing was restored. */
export class RestoreForbiddenError extends AuditError {
  /** @param missing what is needed, in words that name nothing that is hidden */
  constructor(missing: readonly string[]) {
    super({
      code: 'AUDIT_RESTORE_FORBIDDEN',
      message: `This restore needs more than you may see or restore: ${missing.join(', ')}.`,
      remedy: 'Restore less of it, or ask somebody who may restore all of that.',
      data: { missing },
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
