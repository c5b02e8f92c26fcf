import type { EntityPolicy } from '../../policy/entity-policy.js';
import { jsonEquals } from '../../serialize/json/canonical-json.js';
import type { HolderResult } from '../../store/audit-store.js';
import { storedTypes } from '../terms/change-decoder.js';
import type { PastState } from './past-state.js';
import type { PastStates } from './past-states.js';
import type { ResolvedStateFilter } from './state-filter.js';

/** Changes that a page looks at, first as many as are likely to fill it. */
const WINDOWS = [500, 8_000];
/** States that a page rebuilds. */
const MOST_STATES = 500;
/** Changes of a relation's own index; with more, it tells too little. */
const MOST_REFERRERS = 20_000;

/** The states of one page, or as many as were found before the search stopped. */
interface FoundStates {
  readonly found: readonly PastState[];
  /** Id of the last entity that was looked at; null when enough was found, or there is nothing more. */
  readonly stoppedAt: string | null;
}

/**
 * Looks for entities that had some values at a moment, in the order of their ids: by a relation's targets, which have an
 * index, or else through all entities, a bounded number of changes for each page.
 */
export class StateSearch {
  constructor(
    private readonly past: PastStates,
    private readonly family: readonly EntityPolicy[],
    private readonly filter: ResolvedStateFilter,
  ) {}

  async page(limit: number, afterId: string | null): Promise<FoundStates> {
    const found: PastState[] = [];
    let rebuilt = 0;
    let after = afterId;
    for await (const { ids, stoppedAt } of this.candidates(limit, afterId)) {
      for (let first = 0; first < ids.length; first += limit) {
        const some = ids.slice(first, first + limit);
        found.push(...(await this.matching(some)));
        rebuilt += some.length;
        if (found.length >= limit) {
          return { found: found.slice(0, limit), stoppedAt: null };
        }
        if (rebuilt >= MOST_STATES) {
          return { found, stoppedAt: some.at(-1) ?? null };
        }
      }
      after = stoppedAt;
      if (after === null) {
        break;
      }
    }
    return { found, stoppedAt: after };
  }

  private async *candidates(limit: number, afterId: string | null): AsyncIterable<HolderResult> {
    const { search } = this.past.instance.store;
    const { reference, held } = this.filter;
    const types = storedTypes(this.family);
    const referring =
      reference && (await search.referrers({ ...reference, types, afterId, limit: MOST_REFERRERS }));
    if (referring) {
      yield { ids: referring, stoppedAt: null };
      return;
    }
    let after = afterId;
    for (const window of held.length === 0 ? [limit, MOST_STATES] : WINDOWS) {
      const result: HolderResult = await search.holders({ types, values: held, afterId: after, window });
      yield result;
      after = result.stoppedAt;
    }
  }

  private async matching(ids: readonly string[]): Promise<readonly PastState[]> {
    const loaded = await this.past.load(this.family, ids);
    return ids.flatMap((id) => {
      const state = loaded.get(id);
      const matches =
        state &&
        this.filter.expected.every(({ path, value }) => jsonEquals(state.values.get(path) ?? null, value));
      return matches ? [state] : [];
    });
  }
}
