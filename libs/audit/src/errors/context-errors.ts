import { AuditError } from './audit-error.js';

/** A context value was given where there is no context to put it into. */
export class NoAuditContextError extends AuditError {
  constructor() {
    super({
      code: 'AUDIT_NO_CONTEXT',
      message: 'AuditContext.assign() was called outside any audit context.',
      remedy: 'Call it inside a request that AuditModule handles, or inside AuditContext.run({ ... }, fn).',
    });
  }
}

/** The `actor` option of AuditModule failed or returned something that is no actor. */
export class ActorResolutionError extends AuditError {
  constructor(problem: string, cause?: unknown) {
    super({
      code: 'AUDIT_ACTOR_RESOLUTION',
      message: `The actor of the change could not be resolved: ${problem}.`,
      remedy: 'Let the actor option return { type, id, label }, or null for an unknown actor.',
      ...(cause === undefined ? {} : { cause }),
    });
  }
}
