import type { Contender } from '../contenders/contender.js';
import { changeOrder, type OrderRow } from '../contenders/order-model.js';
import { type Cost, measure } from '../measure/cost.js';
import type { Variant } from '../measure/series.js';
import { insertOrders } from './request-rows.js';

export const CLIENTS = 16;

/** Flushes of each client in one repetition. */
const FLUSHES = 25;

/** So many clients at once, each with a connection and an order of its own, update 3 of 12 fields again and again. */
export async function throughputVariant(contender: Contender): Promise<Variant> {
  const { orm, model, backends, run } = contender;
  const ids = await insertOrders(contender, CLIENTS);
  const clients = await Promise.all(
    ids.map(async (id) => {
      const em = orm.em.fork();
      const order: OrderRow = await em.findOneOrFail(model.Order, id);
      return { em, order };
    }),
  );
  return {
    name: contender.name,
    async repeat(repetition) {
      const cost = await measure(
        () => backends.pids(),
        () =>
          Promise.all(
            clients.map(async ({ em, order }) => {
              for (let flush = 0; flush < FLUSHES; flush++) {
                changeOrder(order, repetition * FLUSHES + flush, 3);
                await run(() => em.flush());
              }
            }),
          ),
      );
      return { flush: perFlush(cost) };
    },
  };
}

function perFlush({ wall, node, server }: Cost): Cost {
  const flushes = CLIENTS * FLUSHES;
  return { wall: wall / flushes, node: node / flushes, server: server === null ? null : server / flushes };
}
