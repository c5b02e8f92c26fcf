import { MissingReasonError, SuspensionForbiddenError } from '../errors/context-errors.js';
import type { Outcome } from '../model/revision.js';
import type { AuditJournal } from './audit-journal.js';
import type { ContextValues } from './context-values.js';
import { ContextScope, runningScope, Suspension } from './scope.js';

/** Why something is done without auditing. */
export interface SuspensionOptions {
  /** Recorded in the trail; must not be empty. */
  readonly reason: string;
}

/**
 * Two revisions, and not one at the end: the first one is there also when the process dies in between.
 * @throws SuspensionForbiddenError, MissingReasonError, and whatever `fn` or the journal throws
 */
export async function runUnaudited<T>(
  { reason, isAllowed }: SuspensionOptions & { readonly isAllowed: boolean },
  journal: AuditJournal,
  fn: () => T | Promise<T>,
): Promise<T> {
  if (typeof reason !== 'string' || reason.trim() === '') {
    throw new MissingReasonError('AuditContext.withoutAuditing()');
  }
  const outer = runningScope.getStore();
  const record = (values: ContextValues, outcome: Outcome) =>
    runningScope.run(new ContextScope(outer, { ...values, reason }), () => journal.write({ outcome }));
  if (!isAllowed) {
    await record({ action: 'audit.suspend' }, 'denied');
    throw new SuspensionForbiddenError();
  }
  await record({ action: 'audit.suspend' }, 'success');
  const suspension = new Suspension();
  const resume = (outcome: Outcome) => {
    suspension.active = false;
    return record({ action: 'audit.resume', metadata: { unaudited: suspension.unaudited } }, outcome);
  };
  let result: T;
  try {
    result = await runningScope.run(ContextScope.within(outer, {}, { suspension }), fn);
  } catch (error) {
    // Its own error is what the caller has to hear of; that it began is recorded.
    await resume('failure').catch(() => undefined);
    throw error;
  }
  await resume('success');
  return result;
}
