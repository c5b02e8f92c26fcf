import type { Contender } from '../contenders/contender.js';
import { changeOrder, type OrderRow, orderValues } from '../contenders/order-model.js';
import { type Cost, measure } from '../measure/cost.js';
import type { Variant } from '../measure/series.js';

/**
 * Inserts, updates (3 of 12 fields) and deletes `size` orders with one flush each. The work of the application for it counts
 * too: creating, assigning, removing. The EntityManager and the values are there before.
 */
export function flushVariant({ name, orm, model, backends, run }: Contender, size: number): Variant {
  return {
    name,
    async repeat(repetition) {
      const em = orm.em.fork();
      const customer = em.getReference(model.Customer, 1);
      const values = Array.from({ length: size }, (_, index) => ({ ...orderValues(index), customer }));
      const orders: OrderRow[] = [];
      const flush = (prepare: () => void): Promise<Cost> =>
        measure(
          () => backends.pids(),
          () =>
            run(async () => {
              prepare();
              await em.flush();
            }),
        );
      return {
        insert: await flush(() => {
          for (const value of values) {
            orders.push(em.create(model.Order, value));
          }
        }),
        update: await flush(() => {
          for (const order of orders) {
            changeOrder(order, repetition, 3);
          }
        }),
        delete: await flush(() => {
          for (const order of orders) {
            em.remove(order);
          }
        }),
      };
    },
  };
}
