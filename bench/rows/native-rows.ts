import type { Contender } from '../contenders/contender.js';
import { measure } from '../measure/cost.js';
import type { Variant } from '../measure/series.js';

/** Changes 2 fields of some orders with one statement that loads none of them. */
export function nativeVariant(
  { name, orm, model, backends, run }: Contender,
  ids: readonly string[],
): Variant {
  return {
    name,
    async repeat(repetition) {
      const values = { status: `state ${repetition}`, updatedAt: new Date() };
      const update = await measure(
        () => backends.pids(),
        () => run(() => orm.em.fork().nativeUpdate(model.Order, { id: { $in: [...ids] } }, values)),
      );
      return { update };
    },
  };
}
