import type { Blame } from '../../model/blame.js';
import type { FieldPath } from '../../model/change.js';
import type { AuditStore } from '../../store/audit-store.js';
import type { PastState } from './past-state.js';
import { decodedValues, namedLabels } from './state-shape.js';

/** For each property of a state, which change set it; revisions are looked up with one query. */
export async function blameOf<Entity>(
  state: PastState,
  { search }: AuditStore,
): Promise<readonly Blame<Entity>[]> {
  const values = [...decodedValues(state)].map(([path, value]) => {
    // A relation that never had links has been without them since the creation.
    return { path, value, change: state.changeOf(path) ?? state.created };
  });
  const revisions = await search.revisionsOf(values.flatMap(({ change }) => change?.revisionId ?? []));
  return values.map(({ path, value, change }) => ({
    path: path as FieldPath<Entity>,
    value,
    ...labelled(state, path),
    changeId: change?.id ?? null,
    operation: change?.operation ?? null,
    revision: (change && revisions.get(change.revisionId)) ?? null,
  }));
}

function labelled(state: PastState, path: string): Pick<Blame, 'labels'> {
  const labels = namedLabels(state, path);
  return labels ? { labels } : {};
}
