import type { AuditContext } from '../context/audit-context.js';
import type { CurrentContext } from '../context/context-values.js';
import { safeActor, safeId, safeMetadata, safeOrigin, safeText } from '../context/safe-context.js';
import { UNKNOWN_ACTOR } from '../model/actor.js';
import type { Outcome } from '../model/revision.js';
import type { NewRevision } from '../store/audit-store.js';

const NO_CONTEXT: CurrentContext = Object.freeze({
  actor: null,
  onBehalfOf: null,
  authenticationMethod: null,
  action: null,
  reason: null,
  origin: null,
  correlationId: null,
  traceId: null,
  spanId: null,
  metadata: null,
  restoredRevisionId: null,
});

/**
 * The running context with its actor resolved; a promise only where the actor has to be asked for, which is once per
 * request.
 * @throws ActorResolutionError when the `actor` option fails
 */
export function resolveContext(context: AuditContext): CurrentContext | Promise<CurrentContext> {
  const current = context.current();
  if (current === null) {
    return { ...NO_CONTEXT, ...context.trace() };
  }
  return current.actor === null ? askForActor(context) : current;
}

async function askForActor(context: AuditContext): Promise<CurrentContext> {
  const actor = await context.actor();
  return { ...NO_CONTEXT, ...context.current(), actor };
}

/** The context as it is stored. Nothing in it can make the write fail. */
export function toNewRevision(context: CurrentContext, outcome: Outcome = 'success'): NewRevision {
  return {
    actor: safeActor(context.actor ?? UNKNOWN_ACTOR),
    onBehalfOf: context.onBehalfOf && safeActor(context.onBehalfOf),
    authenticationMethod: safeId(context.authenticationMethod),
    action: safeText(context.action),
    reason: safeText(context.reason),
    outcome,
    origin: context.origin && safeOrigin(context.origin),
    correlationId: safeId(context.correlationId),
    traceId: context.traceId,
    spanId: context.spanId,
    restoredRevisionId: context.restoredRevisionId,
    metadata: context.metadata && safeMetadata(context.metadata),
  };
}
