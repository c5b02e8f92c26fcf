import { describe, expect, it } from '@jest/globals';
import { Order, orderEntities } from '../../support/fixtures/orders.js';
import { ordersOracle } from '../../support/fixtures/orders.oracle.js';
import { trailOf } from '../../support/trail.js';
import { useAuditedApp } from '../../support/use-audited-app.js';

const audited = useAuditedApp({ entities: orderEntities, oracle: ordersOracle });

describe('a transaction that MikroORM did not begin', () => {
  it('writes with each flush, inside it, under one revision', async () => {
    const em = audited.orm.em.fork();
    await em.getConnection().transactional(async (transaction) => {
      const inner = audited.orm.em.fork();
      inner.setTransactionContext(transaction);
      const order = inner.create(Order, { title: 'a', price: '1.50', views: 0 });
      await inner.flush();
      order.title = 'b';
      await inner.flush();
    });
    expect((await trailOf(audited)).map(([, , operation]) => operation)).toEqual(['create', 'update']);
    const { items } = await audited.reader.history(Order, 1);
    expect(new Set(items.map(({ revision }) => revision.id)).size).toBe(1);
    await audited.oracle.verify({ merged: false });
    audited.skipOracle();
  });

  it('gives each actor a revision of its own', async () => {
    const em = audited.orm.em.fork();
    const as = (id: string | null, work: () => Promise<void>) =>
      id === null ? work() : audited.context.run({ actor: { type: 'user', id, label: id } }, work);
    await em.getConnection().transactional(async (transaction) => {
      const inner = audited.orm.em.fork();
      inner.setTransactionContext(transaction);
      const order = inner.create(Order, { title: 'a', price: '1.50', views: 0 });
      for (const [id, title] of [
        ['anna', 'a'],
        ['boris', 'b'],
        [null, 'c'],
        ['anna', 'd'],
      ] as const) {
        order.title = title;
        await as(id, () => inner.flush());
      }
    });
    const { items } = await audited.reader.history(Order, 1, { order: 'oldest' });
    expect(items.map(({ after, revision }) => [after?.title, revision.actor.id])).toEqual([
      ['a', 'anna'],
      ['b', 'boris'],
      ['c', 'boris'],
      ['d', 'anna'],
    ]);
    expect(new Set(items.map(({ revision }) => revision.id)).size).toBe(3);
    await audited.oracle.verify({ merged: false });
    audited.skipOracle();
  });

  it('leaves nothing when it is rolled back', async () => {
    const em = audited.orm.em.fork();
    await em
      .getConnection()
      .transactional(async (transaction) => {
        const inner = audited.orm.em.fork();
        inner.setTransactionContext(transaction);
        inner.create(Order, { title: 'a', price: '1.50', views: 0 });
        await inner.flush();
        throw new Error('undo');
      })
      .catch(() => undefined);
    expect(await trailOf(audited)).toEqual([]);
  });
});
