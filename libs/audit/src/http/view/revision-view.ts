import type { Revision, RevisionSummary } from '../../model/revision.js';

/** A revision as the API shows it. */
export type RevisionView = Omit<Revision, 'recordedAt' | 'transactionId'> & { readonly recordedAt: string };

/** A revision in a list. */
export type RevisionSummaryView = RevisionView & { readonly counts: Readonly<Record<string, number>> };

export function revisionView(revision: Revision): RevisionView {
  // One by one: a revision with its changes has more, which is not shown as it is.
  return {
    id: revision.id,
    recordedAt: revision.recordedAt.toISOString(),
    actor: revision.actor,
    onBehalfOf: revision.onBehalfOf,
    action: revision.action,
    reason: revision.reason,
    outcome: revision.outcome,
    authenticationMethod: revision.authenticationMethod,
    restoredRevisionId: revision.restoredRevisionId,
    origin: revision.origin,
    correlationId: revision.correlationId,
    traceId: revision.traceId,
    spanId: revision.spanId,
    metadata: revision.metadata,
  };
}

export function revisionSummaryView(revision: RevisionSummary): RevisionSummaryView {
  return { ...revisionView(revision), counts: revision.counts };
}
