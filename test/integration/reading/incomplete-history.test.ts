import { describe, expect, it } from '@jest/globals';
import { HistoryUnavailableError } from 'nestjs-mikro-audit';
import { Order, Tag } from '../../support/fixtures/shop.js';
import { useOrders } from './use-orders.js';

const { audited, now, fork, newOrder, change } = useOrders();

describe('a history that does not begin with the creation', () => {
  const execute = (sql: string) => {
    audited.skipOracle();
    return audited.orm.em.getConnection().execute(sql);
  };

  it('is an error before its first change, not a guess', async () => {
    const id = await newOrder();
    const early = await now();
    await change(id, (order) => {
      order.title = 'Second';
    });
    await execute(`delete from audit_change where operation = 'create'`);
    const state = audited.reader.asOf(Order, id, early);
    await expect(state).rejects.toThrow(HistoryUnavailableError);
    await expect(state).rejects.toThrow(/AUDIT_HISTORY_UNAVAILABLE.*order 1.*Ask for a later time/);
  });

  it('names the properties whose later values are unknown, too', async () => {
    const id = await newOrder();
    await change(id, (order) => {
      order.title = 'Second';
    });
    await execute(`delete from audit_change where operation = 'create'`);
    await expect(audited.reader.asOf(Order, id, new Date())).rejects.toMatchObject({
      data: { missing: expect.arrayContaining(['price', 'tags']) },
    });
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
