import { saysOfChanges } from './change-conditions.js';
import type { ChangeFilter } from './change-filter.js';

/** The header of a revision by which an index finds it. */
export type HeaderKey = 'correlationId' | 'restoredRevisionId' | 'actor' | 'action' | 'outcome';

/**
 * Which rows a search looks at, so that an index gives them in the order of its pages: changes by their id, where
 * they, a revision, entities, wholes or types are given; by time, where only a time or an actor is, or
 * nothing; else revisions by time.
 */
export type SearchPlan = {
  /** Conditions that the index does not serve: the rows that it gives are tested for them. */
  readonly rest: ChangeFilter;
} & (
  | { readonly looksAt: 'changes' }
  | { readonly looksAt: 'changesByTime'; readonly ofActor: boolean }
  | { readonly looksAt: 'revisions'; readonly header: HeaderKey | null }
);

/** For changes. */
export function planOf(filter: ChangeFilter): SearchPlan {
  const byId = planById(filter);
  if (byId) {
    return byId;
  }
  const header = headerOf(filter);
  return filter.scope?.metadata || filter.outcome || (header !== null && header !== 'actor')
    ? byRevision(filter)
    : byTime(filter);
}

/** For revisions: where nothing is said of changes, the revisions themselves are looked at. */
export function revisionPlanOf(filter: ChangeFilter): SearchPlan {
  if (!saysOfChanges(filter)) {
    return byRevision(filter);
  }
  // A revision with changes is no recorded action alone: nothing has to be left out.
  const ofChanges = { ...filter, exceptActions: null };
  return planById(ofChanges) ?? byRevision(ofChanges);
}

/** Null where the order of time serves better. */
function planById(filter: ChangeFilter): SearchPlan | null {
  if (filter.changeIds) {
    return { looksAt: 'changes', rest: { ...filter, changeIds: null } };
  }
  if (filter.revisionId !== null) {
    return { looksAt: 'changes', rest: { ...filter, revisionId: null } };
  }
  if (filter.partOf) {
    return { looksAt: 'changes', rest: { ...filter, partOf: null } };
  }
  if (filter.entityIds) {
    return { looksAt: 'changes', rest: { ...filter, entityTypes: null, entityIds: null } };
  }
  const { from, until, actor, onBehalfOf, outcome, scope } = filter;
  if (headerOf(filter) || from || until || scope?.metadata || actor || onBehalfOf || outcome) {
    return null;
  }
  if (scope?.partOf && scope.partOf.length > 0 && !filter.entityTypes) {
    return { looksAt: 'changes', rest: filter };
  }
  return filter.entityTypes && { looksAt: 'changes', rest: { ...filter, entityTypes: null } };
}

function byTime(filter: ChangeFilter): SearchPlan {
  const ofActor = headerOf(filter) === 'actor';
  const rest = { ...filter, from: null, until: null, ...(ofActor && { actor: kindOfActor(filter) }) };
  return { looksAt: 'changesByTime', ofActor, rest };
}

function byRevision(filter: ChangeFilter): SearchPlan {
  const header = headerOf(filter);
  const served = header && { [header]: header === 'actor' ? kindOfActor(filter) : null };
  return { looksAt: 'revisions', header, rest: { ...filter, from: null, until: null, ...served } };
}

/** The conditions that an index by the id of actors does not serve. */
function kindOfActor({ actor }: ChangeFilter): ChangeFilter['actor'] {
  return actor?.type ? { type: actor.type, id: null } : null;
}

/** Whether the rows that an index gives are tested for anything that many of them may lack. */
export function isTested(plan: SearchPlan): boolean {
  const { rest } = plan;
  // Hardly ever have actors of two types the same id.
  const isOfActor =
    plan.looksAt === 'revisions' ? plan.header === 'actor' : plan.looksAt === 'changesByTime' && plan.ofActor;
  return Object.entries(rest).some(
    ([name, condition]) => condition !== null && !(isOfActor && name === 'actor'),
  );
}

/** Whether each of the rows is searched for values, which costs many times what a look at its columns does. */
export function looksIntoValues({ rest: { paths, values, text } }: SearchPlan): boolean {
  return [paths, values, text].some((condition) => condition !== null);
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
