import { AuditError } from './audit-error.js';

/** A context value was given where there is no context to put it into. */
export class NoAuditContextError extends AuditError {
  /** @param method of AuditContext */
  constructor(method = 'assign') {
    super({
      code: 'AUDIT_NO_CONTEXT',
      message: `AuditContext.${method}() was called outside any audit context.`,
      remedy: 'Call it inside a request that AuditModule handles, or inside AuditContext.run({ ... }, fn).',
    });
  }
}

/** The `resolveActor` option of AuditModule failed or returned something that is no actor. */
export class ActorResolutionError extends AuditError {
  constructor(problem: string, cause?: unknown) {
    super({
      code: 'AUDIT_ACTOR_RESOLUTION',
      message: `The actor of the change could not be resolved: ${problem}.`,
      remedy: 'Let the option resolveActor return { type, id, label }, or null for an unknown actor.',
      ...(cause === undefined ? {} : { cause }),
    });
  }
}

/** The actor was read where only waiting for the `resolveActor` option can tell it. */
export class ActorPendingError extends AuditError {
  constructor() {
    super({
      code: 'AUDIT_ACTOR_PENDING',
      message:
        'AuditContext.current() does not know the actor yet, because the option resolveActor of AuditModule is asynchronous.',
      remedy: 'Read it with await AuditContext.actor().',
    });
  }
}

/** Nobody is known to act, and a policy does not allow that. Nothing was sent. */
export class MissingActorError extends AuditError {
  /** @param subject the entity or action that asks for one */
  constructor(subject: string) {
    super({
      code: 'AUDIT_ACTOR_MISSING',
      message: `${subject} must have an actor (requireActor), but nobody is known to act. Nothing was sent.`,
      remedy:
        "Authenticate the request before it writes, or wrap the work in AuditContext.run({ actor: systemActor('...') }, fn).",
      data: { subject },
    });
  }
}

/** An action or an entity needs a reason, and none was given. Nothing was sent. */
export class MissingReasonError extends AuditError {
  /** @param subject the entity or action that asks for one */
  constructor(subject: string) {
    super({
      code: 'AUDIT_REASON_MISSING',
      message: `${subject} must have a reason, but none was given. Nothing was sent.`,
      remedy:
        'Give one with AuditContext.assign({ reason }) or run({ reason }, fn), or let the client send it where the option reasonFrom of AuditModule looks.',
      data: { subject },
    });
  }
}

/** `AuditContext.withoutAuditing()` was called where the options forbid it. The function did not run. */
export class SuspensionForbiddenError extends AuditError {
  constructor() {
    super({
      code: 'AUDIT_SUSPENSION_FORBIDDEN',
      message: 'AuditContext.withoutAuditing() is forbidden in this application.',
      remedy:
        'Do the work with auditing, or remove allowWithoutAuditing: false from the options of AuditModule.',
    });
  }
}
