import { ref } from '@mikro-orm/core';
import { Customer, Order, SHOP_HASH_KEY, shop, shopOracle } from '../../support/fixtures/shop.js';
import { useAuditedApp } from '../../support/use-audited-app.js';

/** The shop, with orders to create and to change. */
export function useOrders() {
  const audited = useAuditedApp({
    entities: shop,
    options: { hashKey: SHOP_HASH_KEY },
    oracle: shopOracle,
  });

  /** The newest revision, as a point in time. */
  async function now(): Promise<{ revision: string }> {
    const { items } = await audited.reader.revisions({ limit: 1 });
    return { revision: items[0]?.id ?? '' };
  }

  const fork = () => audited.orm.em.fork();

  async function newOrder(
    values: Partial<{ title: string; price: string; customer: Customer }> = {},
  ): Promise<number> {
    const em = fork();
    const { customer, ...rest } = values;
    const order = em.create(Order, {
      title: 'First',
      ...rest,
      ...(customer && { customer: ref(em.merge(customer)) }),
    });
    await em.flush();
    return order.id;
  }

  async function change(id: number, apply: (order: Order) => void): Promise<{ revision: string }> {
    const em = fork();
    apply(await em.findOneOrFail(Order, id, { populate: ['tags', 'route'] }));
    await em.flush();
    return now();
  }

  return { audited, now, fork, newOrder, change };
}
