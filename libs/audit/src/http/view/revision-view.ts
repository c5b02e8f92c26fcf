import type { Revision, RevisionBrief, RevisionSummary } from '../../model/revision.js';

/** Who, when and why as the API shows it. */
export type RevisionBriefView = Omit<RevisionBrief, 'recordedAt'> & { readonly recordedAt: string };

/** A revision as the API shows it. */
export type RevisionView = RevisionBriefView & Omit<Revision, keyof RevisionBrief | 'transactionId'>;

/** A revision in a list. */
export type RevisionSummaryView = RevisionView & { readonly counts: Readonly<Record<string, number>> };

export function revisionView(revision: Revision): RevisionView {
  // One by one: a revision with its changes has more, which is not shown as it is.
  return {
    ...briefView(revision),
    outcome: revision.outcome,
    authenticationMethod: revision.authenticationMethod,
    origin: revision.origin,
    correlationId: revision.correlationId,
    traceId: revision.traceId,
    spanId: revision.spanId,
    metadata: revision.metadata,
  };
}

/** The known part of the revision of a change. */
export function revisionOfChangeView(revision: Revision | RevisionBrief): RevisionView | RevisionBriefView {
  return 'outcome' in revision ? revisionView(revision) : briefView(revision);
}

function briefView(revision: RevisionBrief): RevisionBriefView {
  return {
    id: revision.id,
    recordedAt: revision.recordedAt.toISOString(),
    actor: revision.actor,
    onBehalfOf: revision.onBehalfOf,
    action: revision.action,
    reason: revision.reason,
    restoredRevisionId: revision.restoredRevisionId,
  };
}

export function revisionSummaryView(revision: RevisionSummary): RevisionSummaryView {
  return { ...revisionView(revision), counts: revision.counts };
}
