import type { GapEdge, StateGap } from '../../model/state-gap.js';
import type { LifeChange, StoredRevision, TrailSearch } from '../../store/audit-store.js';
import type { PastState } from './past-state.js';

/** The key under which `gapsOf` finds the gaps of a state; it is neither listed nor part of its JSON. */
const GAPS = Symbol('gaps');

/**
 * Everything that the trail does not know of a state of `asOf`: properties that are left out of it because no change tells them, and
 * writes of something unaudited that a later change has found. Looked up relations are asked for on their own.
 * @returns nothing when all of it is recorded
 */
export function gapsOf(state: object): readonly StateGap[] {
  return (Reflect.get(state, GAPS) as readonly StateGap[] | undefined) ?? [];
}

export function withGaps(plain: object, gaps: readonly StateGap[]): object {
  return gaps.length > 0 ? Object.defineProperty(plain, GAPS, { value: gaps }) : plain;
}

/** Looks up when gaps of states, and of what was looked up with them, began and ended: one query where there are any. */
export async function tellGaps(states: readonly PastState[], search: TrailSearch): Promise<void> {
  const all = [...withRelated(states)];
  const ids = all.flatMap(({ recordedGaps, unknown, unknownSince }) => [
    ...recordedGaps.flatMap(({ since, until }) => [since?.revisionId ?? [], until.revisionId].flat()),
    ...(unknown.length > 0 && unknownSince ? [unknownSince.revisionId] : []),
  ]);
  const revisions = ids.length > 0 ? await search.revisionsOf(ids) : new Map<string, StoredRevision>();
  const edge = (change: LifeChange | null): GapEdge | null => {
    const revision = change && revisions.get(change.revisionId);
    return revision ? { revisionId: revision.id, recordedAt: revision.recordedAt } : null;
  };
  for (const state of all) {
    state.gaps = [
      ...state.unknown.map((path): StateGap => {
        return { path, kind: 'unknown', since: edge(state.unknownSince), until: null };
      }),
      ...state.recordedGaps.map(({ path, since, until }): StateGap => {
        return { path, kind: 'unrecorded', since: edge(since), until: edge(until) };
      }),
    ];
  }
}

/** Of a path, also of one inside JSON; undefined when there are none, so that nothing is shown. */
export function gapsAt(gaps: readonly StateGap[], path: string): { readonly gaps?: readonly StateGap[] } {
  const found = gaps.filter((gap) => path === gap.path || path.startsWith(`${gap.path}.`));
  return found.length > 0 ? { gaps: found } : {};
}

function* withRelated(states: readonly PastState[]): Generator<PastState> {
  for (const state of states) {
    yield state;
    for (const related of state.related.values()) {
      yield* withRelated([related ?? []].flat());
    }
  }
}
