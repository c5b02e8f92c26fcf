import type { Blame } from '../../model/blame.js';
import type { FieldPath } from '../../model/change.js';
import type { AuditStore } from '../../store/audit-store.js';
import { inDeclaredOrder } from '../terms/declared-order.js';
import type { PastState } from './past-state.js';
import { gapsAt } from './state-gaps.js';
import { decodedValues, namedLabels } from './state-shape.js';

/** For each property of a state, which change set it; revisions are looked up with one query. */
export async function blameOf<Entity>(
  state: PastState,
  { search }: AuditStore,
): Promise<readonly Blame<Entity>[]> {
  const unknown = state.unknown.map((path) => [path, undefined] as const);
  const values = inDeclaredOrder(state.policy, [...decodedValues(state), ...unknown]).map(
    ([path, value]) => ({
      path,
      value,
      change: state.changeOf(path),
    }),
  );
  const revisions = await search.revisionsOf(values.flatMap(({ change }) => change?.revisionId ?? []));
  return values.map(({ path, value, change }) => ({
    path: path as FieldPath<Entity>,
    value,
    ...labelled(state, path),
    ...gapsAt(state.gaps, path),
    changeId: change?.id ?? null,
    operation: change?.operation ?? null,
    revision: (change && revisions.get(change.revisionId)) ?? null,
  }));
}

function labelled(state: PastState, path: string): Pick<Blame, 'labels'> {
  const labels = namedLabels(state, path);
  return labels ? { labels } : {};
}
