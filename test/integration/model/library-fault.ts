import { DriverException } from '@mikro-orm/core';
import { AuditError } from 'nestjs-mikro-audit';

/** The library has failed, or has made something fail, that would have worked without it. */
class LibraryFault extends Error {
  constructor(cause: unknown) {
    super(`The library failed: ${cause instanceof Error ? cause.stack : String(cause)}`, { cause });
    this.name = 'LibraryFault';
  }
}

/**
 * Errors of MikroORM and of the database are part of the game: scripts break constraints and run into locks.
 * @throws LibraryFault when the error is of the library's own making
 */
export function assertExpected(error: unknown): void {
  if (error instanceof LibraryFault) {
    throw error;
  }
  const chain = causesOf(error);
  const isDatabase = chain.some((one) => one instanceof DriverException || 'severity' in one);
  const isRefusal = chain.some(
    (one) => one instanceof AuditError && one.code === 'AUDIT_ENTITY_MANAGER_STALE',
  );
  const isOurs = chain.some((one) => one instanceof AuditError || /libs\/audit\/src/.test(one.stack ?? ''));
  if (isOurs && !isDatabase && !isRefusal) {
    throw new LibraryFault(error);
  }
}

/** Whether a transaction has failed because it could not be serialized. */
export function isConflict(error: unknown): boolean {
  return causesOf(error).some((one) => 'code' in one && one.code === '40001');
}

function causesOf(error: unknown): readonly Error[] {
  const chain: Error[] = [];
  for (let one = error; one instanceof Error && !chain.includes(one); one = one.cause) {
    chain.push(one);
  }
  return chain;
}
