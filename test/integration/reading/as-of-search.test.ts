import { describe, expect, it } from '@jest/globals';
import type { PointInTime, StateFilter } from 'nestjs-mikro-audit';
import { Order } from '../../support/fixtures/shop.js';
import { useOrders } from './use-orders.js';

const { audited, now, fork, newOrder, change } = useOrders();

describe('the entities that had some values then', () => {
  it('are found by their former values, in pages', async () => {
    const first = await newOrder({ title: 'a', price: '1.00' });
    const second = await newOrder({ title: 'a', price: '2.00' });
    const third = await newOrder({ title: 'b', price: '1.00' });
    const then = await now();
    await change(first, (order) => {
      order.title = 'b';
    });
    const em = fork();
    em.remove(await em.findOneOrFail(Order, second));
    await em.flush();
    const ids = async (where: StateFilter<Order>, at: PointInTime) => {
      const page = await audited.reader.findAsOf(Order, where, at);
      return page.items.map(({ id }) => id);
    };
    expect(await ids({ title: 'a' }, then)).toEqual([first, second]);
    expect(await ids({ title: 'a', price: '1' }, then)).toEqual([first]);
    expect(await ids({ title: 'b' }, then)).toEqual([third]);
    expect(await ids({ title: 'b' }, new Date())).toEqual([first, third]);
    expect(await ids({ title: 'a' }, new Date())).toEqual([]);
    expect(await ids({ customer: null }, then)).toEqual([first, second, third]);
    expect(await ids({ id: second }, then)).toEqual([second]);
    expect(await ids({ 'address.city': null }, then)).toHaveLength(3);
    expect(await ids({}, new Date())).toEqual([first, third]);
    const seen: unknown[] = [];
    let cursor: string | null = null;
    do {
      const page: { items: readonly { id?: unknown }[]; nextCursor: string | null } =
        await audited.reader.findAsOf(Order, { customer: null }, then, { limit: 1, cursor });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual([first, second, third]);
  });

  it('do not take the cursor of another moment', async () => {
    await newOrder();
    await newOrder();
    const then = await now();
    const { nextCursor } = await audited.reader.findAsOf(Order, {}, then, { limit: 1 });
    await expect(audited.reader.findAsOf(Order, {}, new Date(), { cursor: nextCursor })).rejects.toThrow(
      /another query/,
    );
  });
});
