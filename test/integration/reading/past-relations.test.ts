import { describe, expect, it } from '@jest/globals';
import { ref } from '@mikro-orm/core';
import { Customer, Invoice, Line, Order, Tag } from '../../support/fixtures/shop.js';
import { useOrders } from './use-orders.js';

const { audited, now, fork } = useOrders();

describe('relations of a past state', () => {
  /** An order whose surroundings all change after `then`. */
  async function story() {
    const em = fork();
    const customer = em.create(Customer, { name: 'Anna' });
    const [urgent, late] = ['urgent', 'late'].map((name) => em.create(Tag, { name })) as [Tag, Tag];
    const order = em.create(Order, { title: 'First', customer: ref(customer) });
    const other = em.create(Order, { title: 'Other' });
    order.tags.add(urgent, late);
    order.route.add(late, urgent);
    const lines = [1, 2].map((quantity) => em.create(Line, { quantity, order: ref(order) })) as [Line, Line];
    em.create(Invoice, { number: 'I1', order: ref(order) });
    await em.flush();
    const then = await now();
    customer.name = 'Berta';
    urgent.name = 'renamed';
    lines[0].order = ref(other);
    lines[1].quantity = 20;
    order.tags.remove(late);
    await em.flush();
    const between = await now();
    em.remove(late);
    order.route.removeAll();
    await em.flush();
    em.remove(await em.findOneOrFail(Invoice, { number: 'I1' }));
    await em.flush();
    em.remove(order);
    await em.flush();
    em.remove(customer);
    await em.flush();
    return { id: order.id, otherId: other.id, customerId: customer.id, then, between };
  }

  it('are those of that time, including entities deleted since', async () => {
    const { id, then, between, otherId } = await story();
    const populate = ['customer', 'tags', 'route', 'lines', 'invoice'] as const;
    const state = await audited.reader.asOf(Order, id, then, { populate });
    expect(state).toMatchObject({
      title: 'First',
      customer: { name: 'Anna' },
      route: [{ name: 'late' }, { name: 'urgent' }],
      lines: [{ quantity: 1 }, { quantity: 2 }],
      invoice: { number: 'I1' },
    });
    expect(state?.tags?.map(({ name }) => name).sort()).toEqual(['late', 'urgent']);
    const later = await audited.reader.asOf(Order, id, between, { populate });
    expect(later).toMatchObject({
      customer: { name: 'Berta' },
      tags: [{ name: 'renamed' }],
      lines: [{ quantity: 20 }],
    });
    const other = await audited.reader.asOf(Order, otherId, between, { populate: ['lines'] });
    expect(other?.lines).toMatchObject([{ quantity: 1, order: otherId }]);
    expect(await audited.reader.asOf(Order, id, new Date(), { populate })).toBeNull();
  });

  it('are found from the other side, over several levels', async () => {
    const { then, customerId } = await story();
    const customer = await audited.reader.asOf(Customer, customerId, then, {
      populate: ['orders.tags', 'orders.lines', 'orders.customer'],
    });
    expect(customer?.orders).toMatchObject([
      { title: 'First', lines: [{ quantity: 1 }, { quantity: 2 }], customer: { name: 'Anna' } },
    ]);
    const tag = await audited.reader.asOf(Tag, 1, then, { populate: ['orders'] });
    expect(tag?.orders).toMatchObject([{ title: 'First' }]);
  });

  it('take the same number of queries, however many entities there are', async () => {
    const em = fork();
    for (let at = 0; at < 12; at++) {
      const order = em.create(Order, {
        title: `${at}`,
        customer: ref(em.create(Customer, { name: `${at}` })),
      });
      order.tags.add(em.create(Tag, { name: `${at}` }));
      em.create(Line, { quantity: at, order: ref(order) });
    }
    await em.flush();
    const at = new Date();
    const count = async (limit: number) => {
      audited.statements.take();
      const page = await audited.reader.findAsOf(Order, {}, at, {
        limit,
        populate: ['customer.orders', 'tags', 'lines'],
      });
      expect(page.items).toHaveLength(limit);
      return audited.statements.take().length;
    };
    expect(await count(1)).toBe(await count(10));
  });
});
