import { PastStates } from '../../query/state/past-states.js';
import { storedTypes } from '../../query/terms/change-decoder.js';
import type { CoveredClass } from './covered-classes.js';

/** Those of some entities that the trail knows wholly: from their creation on, or from a baseline. */
export async function toldEntities(
  { instance, family }: CoveredClass,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const { whole, doubtful } = await instance.store.search.walk.told(storedTypes(family), ids);
  const told = new Set(whole);
  const states =
    doubtful.length === 0 ? [] : await new PastStates(instance, null, null).load(family, doubtful);
  for (const [id, state] of states) {
    if (state.told) {
      told.add(id);
    }
  }
  return told;
}
