import type { Contender } from '../contenders/contender.js';
import { changeOrder, orderValues } from '../contenders/order-model.js';
import { measure } from '../measure/cost.js';
import type { Variant } from '../measure/series.js';

/** How many orders there are to choose from. */
const ORDERS = 500;

/** Loads an order by its key, changes 2 fields and flushes, with an EntityManager of its own, as a request does. */
export async function requestVariant(contender: Contender): Promise<Variant> {
  const { model, backends, run } = contender;
  const ids = await insertOrders(contender, ORDERS);
  return {
    name: contender.name,
    async repeat(repetition) {
      const id = ids[(repetition * 7) % ids.length] ?? '';
      const request = await measure(
        () => backends.pids(),
        () =>
          run(async () => {
            const em = contender.orm.em.fork();
            const order = await em.findOneOrFail(model.Order, id);
            changeOrder(order, repetition, 2);
            await em.flush();
          }),
      );
      return { request };
    },
  };
}

/** @returns their keys */
export async function insertOrders({ orm, model, run }: Contender, count: number): Promise<string[]> {
  const em = orm.em.fork();
  const customer = em.getReference(model.Customer, 1);
  const orders = Array.from({ length: count }, (_, index) =>
    em.create(model.Order, { ...orderValues(index), customer }),
  );
  await run(() => em.flush());
  return orders.map(({ id }) => id);
}
