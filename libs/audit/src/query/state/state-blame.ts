import type { Blame } from '../../model/blame.js';
import type { FieldPath } from '../../model/change.js';
import type { RevisionBrief, RevisionOf } from '../../model/revision.js';
import type { AuditStore } from '../../store/audit-store.js';
import { inDeclaredOrder } from '../terms/declared-order.js';
import type { PastState } from './past-state.js';
import { gapsAt } from './state-gaps.js';
import { decodedValues, namedLabels } from './state-shape.js';

/**
 * For each property of a state, which change set it.
 * @param details whether the whole revisions are wanted, which are looked up with one query
 */
export async function blameOf<Entity, Details extends boolean>(
  state: PastState,
  { search }: AuditStore,
  details: Details,
): Promise<readonly Blame<Entity, RevisionOf<Details>>[]> {
  const unknown = state.unknown.map((path) => [path, undefined] as const);
  const values = inDeclaredOrder(state.policy, [...decodedValues(state), ...unknown]).map(
    ([path, value]) => ({ path, value, change: state.changeOf(path) }),
  );
  const ids = details ? values.flatMap(({ change }) => change?.revisionId ?? []) : [];
  const whole: ReadonlyMap<string, RevisionBrief> = details ? await search.revisionsOf(ids) : new Map();
  return values.map(({ path, value, change }) => ({
    path: path as FieldPath<Entity>,
    value,
    ...labelled(state, path),
    ...gapsAt(state.gaps, path),
    changeId: change?.id ?? null,
    operation: change?.operation ?? null,
    revision: ((change && (whole.get(change.revisionId) ?? change.revision)) ??
      null) as RevisionOf<Details> | null,
  }));
}

function labelled(state: PastState, path: string): Pick<Blame, 'labels'> {
  const labels = namedLabels(state, path);
  return labels ? { labels } : {};
}
