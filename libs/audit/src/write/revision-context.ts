import type { CurrentContext } from '../context/context-values.js';
import { safeActor, safeId, safeMetadata, safeOrigin, safeText } from '../context/safe-context.js';
import { UNKNOWN_ACTOR } from '../model/actor.js';
import type { JsonObject } from '../model/json.js';
import type { Outcome } from '../model/revision.js';
import type { NewRevision } from '../store/audit-store.js';

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

/** The same for triggers, which write it where the unit of work does not; what is null is left out. */
export function toStatementContext(context: CurrentContext): JsonObject {
  const { outcome: _, ...revision } = toNewRevision(context);
  return Object.fromEntries(Object.entries(revision).filter(([, value]) => value !== null)) as JsonObject;
}
