import { saysOfChanges } from './change-conditions.js';
import type { ChangeFilter } from './change-filter.js';

/** The header of a revision by which an index finds it. */
export type HeaderKey = 'correlationId' | 'restoredRevisionId' | 'actor' | 'action' | 'outcome';

/**
 * Which rows a search looks at, so that an index gives them in the order of its pages: changes by their id, where a
 * revision, entities, roots or types are given, else revisions by time.
 */
export type SearchPlan = {
  /** Conditions that the index does not serve: the rows that it gives are tested for them. */
  readonly rest: ChangeFilter;
} & ({ readonly looksAt: 'changes' } | { readonly looksAt: 'revisions'; readonly header: HeaderKey | null });

export function planOf(filter: ChangeFilter): SearchPlan {
  if (filter.revisionId !== null) {
    return { looksAt: 'changes', rest: { ...filter, revisionId: null } };
  }
  if (filter.root) {
    return { looksAt: 'changes', rest: { ...filter, root: null } };
  }
  if (filter.entityIds) {
    return { looksAt: 'changes', rest: { ...filter, entityTypes: null, entityIds: null } };
  }
  const { from, until, actor, onBehalfOf, outcome, scope } = filter;
  if (headerOf(filter) || from || until || scope?.metadata || actor || onBehalfOf || outcome) {
    return byRevision(filter);
  }
  if (scope?.roots && scope.roots.length > 0 && !filter.entityTypes) {
    return { looksAt: 'changes', rest: filter };
  }
  return { looksAt: 'changes', rest: { ...filter, entityTypes: null } };
}

/** The same for revisions: where nothing is said of changes, the revisions themselves are looked at. */
export function revisionPlanOf(filter: ChangeFilter): SearchPlan {
  // What has changes is no recorded action alone: nothing has to be left out.
  return saysOfChanges(filter) ? planOf({ ...filter, exceptActions: null }) : byRevision(filter);
}

function byRevision(filter: ChangeFilter): SearchPlan {
  const header = headerOf(filter);
  const rest = { ...filter, from: null, until: null, ...(header && { [header]: null }) };
  return { looksAt: 'revisions', header, rest };
}

/** Whether the rows that an index gives are tested for anything else. */
export function isTested({ rest }: SearchPlan): boolean {
  return Object.values(rest).some((condition) => condition !== null);
}

/** The most telling one; the others are tested. */
function headerOf(filter: ChangeFilter): HeaderKey | null {
  if (filter.correlationId !== null) {
    return 'correlationId';
  }
  if (filter.restoredRevisionId !== null) {
    return 'restoredRevisionId';
  }
  if (filter.actor && filter.actor.id !== null) {
    return 'actor';
  }
  if (filter.outcome !== null && filter.outcome !== 'success') {
    return 'outcome';
  }
  return filter.action === null ? null : 'action';
}
