import { describe, expect, it } from '@jest/globals';
import { ref } from '@mikro-orm/core';
import { gapsOf, HistoryUnavailableError } from 'nestjs-mikro-audit';
import { Customer, Order, Tag } from '../../support/fixtures/shop.js';
import { useOrders } from './use-orders.js';

const { audited, now, fork, newOrder, change } = useOrders();

describe('a history that does not begin with the creation', () => {
  const execute = (sql: string) => {
    audited.skipOracle();
    return audited.orm.em.getConnection().execute(sql);
  };

  it('gives what is known, from before its first change too, and names what is not', async () => {
    const id = await newOrder();
    const early = await now();
    await change(id, (order) => {
      order.title = 'Second';
    });
    // The revision remains, for it is the point in time that is asked for.
    await execute(
      `update audit_change set entity_type = null, entity_id = null, operation = null, after = null, targets = null
       where operation = 'create'`,
    );
    for (const [at, title] of [
      [early, 'First'],
      [new Date(), 'Second'],
    ] as const) {
      const state = (await audited.reader.asOf(Order, id, at)) ?? {};
      expect(state).toEqual({ id, title });
      expect(gapsOf(state)).toEqual(
        expect.arrayContaining([
          { path: 'price', kind: 'unknown', since: null, until: null },
          { path: 'tags', kind: 'unknown', since: null, until: null },
        ]),
      );
    }
    const blame = (await audited.reader.blame(Order, id)) ?? [];
    expect(blame.find(({ path }) => path === 'title')).toMatchObject({
      value: 'Second',
      operation: 'update',
    });
    expect(blame.find(({ path }) => path === 'price')).toMatchObject({
      value: undefined,
      revision: null,
      gaps: [{ kind: 'unknown' }],
    });
    expect(await audited.reader.diff(Order, id, { from: early, to: new Date() })).toEqual([
      { path: 'title', before: 'First', after: 'Second' },
    ]);
  });

  it('does not keep states of others from being found, or relations from being looked up', async () => {
    const em = fork();
    const customer = em.create(Customer, { name: 'Acme' });
    await em.flush();
    const id = await newOrder();
    const known = await newOrder();
    await execute('delete from audit_change where entity_type = $$customer$$');
    const early = await now();
    for (const one of [id, known]) {
      await change(one, (order) => {
        order.customer = ref(em.getReference(Customer, customer.id));
      });
    }
    await execute(`delete from audit_change where operation = 'create' and entity_id = '${id}'`);
    const found = await audited.reader.findAsOf(Order, {}, early);
    expect(found.items.map((order) => [order.id, order.title])).toEqual([
      [id, undefined],
      [known, 'First'],
    ]);
    const state = await audited.reader.asOf(Order, id, new Date(), { populate: ['customer'] });
    expect(state?.customer).toEqual({ id: customer.id });
    expect(gapsOf(state?.customer ?? {})).toMatchObject([{ path: 'name', kind: 'unknown' }]);
    const of = await audited.reader.findAsOf(Order, { customer: customer.id }, new Date());
    expect(of.items.map((order) => order.id)).toEqual([id, known]);
  });

  it('makes partial links unknown, not a shorter list', async () => {
    const em = fork();
    const tag = em.create(Tag, { name: 'a' });
    await em.flush();
    const id = await newOrder();
    await execute(`delete from audit_change where operation = 'create' and entity_type = 'order'`);
    await change(id, (order) => {
      order.tags.add(em.getReference(Tag, tag.id));
    });
    const state = (await audited.reader.asOf(Order, id, new Date())) ?? {};
    expect(state).toEqual({ id });
    expect(gapsOf(state).map(({ path }) => path)).toContain('tags');
  });

  it('is known when the entity has ended', async () => {
    const em = fork();
    const tag = em.create(Tag, { name: 'a' });
    await em.flush();
    const id = await newOrder({ price: '7.00' });
    const linked = await change(id, (order) => {
      order.title = 'Second';
      order.tags.add(em.getReference(Tag, tag.id));
    });
    await change(id, (order) => {
      order.title = 'Third';
      order.tags.removeAll();
    });
    const removing = fork();
    removing.remove(await removing.findOneOrFail(Order, id));
    await removing.flush();
    await execute(`delete from audit_change where operation = 'create' and entity_type = 'order'`);
    expect(await audited.reader.asOf(Order, id, linked)).toMatchObject({
      title: 'Second',
      price: '7.00',
      tags: [tag.id],
    });
    expect(await audited.reader.asOf(Order, id, new Date())).toBeNull();
  });

  it('is an error for a row of which nothing is recorded', async () => {
    const id = await newOrder();
    await execute('delete from audit_change');
    await expect(audited.reader.asOf(Order, id, new Date())).rejects.toThrow(HistoryUnavailableError);
    await expect(audited.reader.blame(Order, id)).rejects.toThrow(HistoryUnavailableError);
  });
});
