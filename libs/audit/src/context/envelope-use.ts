import { EnvelopeUsedError } from '../errors/envelope-errors.js';
import type { Outcome } from '../model/revision.js';
import type { AuditJournal } from './audit-journal.js';
import type { ContextValues } from './context-values.js';
import { ContextScope, runningScope } from './scope.js';

/** By what the trail knows an envelope, and who uses it. */
export interface EnvelopeUse extends Pick<ContextValues, 'actor' | 'onBehalfOf' | 'origin'> {
  readonly id: string;
  /** That of the envelope, whatever the work has. */
  readonly correlationId: string;
}

/**
 * Runs `fn` unless the envelope has been used. The trail remembers it, because it is what all processes share: a revision
 * before `fn`, so that an envelope is not used again when the process dies, and one after it when it has failed.
 * @throws EnvelopeUsedError, and whatever `fn` or the journal throws
 */
export async function usedOnce<T>(
  { id, actor, onBehalfOf, origin, correlationId }: EnvelopeUse,
  journal: AuditJournal,
  fn: () => T | Promise<T>,
): Promise<T> {
  // Without the metadata of the envelope, which could leave no room for its id.
  const scope = new ContextScope(undefined, {
    ...(actor ? { actor } : {}),
    ...(onBehalfOf ? { onBehalfOf } : {}),
    ...(origin ? { origin } : {}),
    correlationId,
    action: 'audit.open-envelope',
    metadata: { envelope: id },
  });
  const record = (outcome: Outcome) => runningScope.run(scope, () => journal.write({ outcome }));
  if (!(await runningScope.run(scope, () => journal.claim()))) {
    await record('denied');
    throw new EnvelopeUsedError();
  }
  try {
    return await fn();
  } catch (error) {
    // Its own error is what the caller has to hear of. Where this cannot be recorded, the envelope stays used.
    await record('failure').catch(() => undefined);
    throw error;
  }
}
