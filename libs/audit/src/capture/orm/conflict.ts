import { DeadlockException } from '@mikro-orm/core';
import { AuditError } from '../../errors/audit-error.js';

/**
 * The error to throw for a cause. Conflicts with other transactions (SQLSTATE 40001 and 40P01) stay MikroORM's own
 * exception, by which applications know that they have to repeat the work.
 * @param failure of the library, for any other cause
 */
export function unlessConflict(cause: unknown, failure: (cause: unknown) => AuditError): unknown {
  return cause instanceof AuditError || cause instanceof DeadlockException ? cause : failure(cause);
}
