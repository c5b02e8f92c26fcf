import { describe, expect, it } from '@jest/globals';
import { TransactionPropagation } from '@mikro-orm/core';
import { Order, orderEntities, Tag } from '../../support/fixtures/orders.js';
import { ordersOracle } from '../../support/fixtures/orders.oracle.js';
import { isAuditWrite } from '../../support/statement-log.js';
import { trailOf } from '../../support/trail.js';
import { useAuditedApp } from '../../support/use-audited-app.js';
import { useUnauditedTwin } from './use-unaudited-twin.js';

const audited = useAuditedApp({ entities: orderEntities, oracle: ordersOracle });
const { compare } = useUnauditedTwin(audited, orderEntities);

describe('an audited transaction sends exactly one statement more', () => {
  it('for an implicit flush', async () => {
    const counts = await compare(async (em) => {
      em.create(Order, { title: 'a', price: '1.50', views: 0 });
      await em.flush();
    });
    expect(counts).toEqual({ audit: 1, beforeLast: true });
    expect(await trailOf(audited)).toEqual([['order', '1', 'create']]);
  });

  it('for em.transactional with several flushes, which are one revision', async () => {
    const counts = await compare((outer) =>
      outer.transactional(async (em) => {
        const order = em.create(Order, { title: 'a', price: '1.50', views: 0 });
        await em.flush();
        order.title = 'b';
        em.create(Tag, { name: 'x' });
        await em.flush();
        order.title = 'c';
      }),
    );
    expect(counts).toEqual({ audit: 1, beforeLast: true });
    expect(await trailOf(audited)).toEqual([
      ['order', '1', 'create'],
      ['Tag', '1', 'create'],
    ]);
    const { items } = await audited.reader.history(Order, 1);
    expect(items[0]?.after).toMatchObject({ title: 'c' });
  });

  it('for em.begin and em.commit', async () => {
    const counts = await compare(async (em) => {
      await em.begin();
      em.create(Order, { title: 'a', price: '1.50', views: 0 });
      await em.flush();
      em.create(Order, { title: 'b', price: '1.50', views: 0 });
      await em.commit();
    });
    expect(counts).toEqual({ audit: 1, beforeLast: true });
  });

  it('for nested transactions, all released', async () => {
    const counts = await compare((outer) =>
      outer.transactional(async (em) => {
        const order = em.create(Order, { title: 'a', price: '1.50', views: 0 });
        await em.transactional(async (inner) => {
          inner.create(Tag, { name: 'x' });
          await inner.transactional(async (innermost) => {
            innermost.create(Tag, { name: 'y' });
          });
        });
        order.note = 'after';
      }),
    );
    expect(counts.audit).toBe(1);
    expect((await trailOf(audited)).length).toBe(3);
  });

  it('for nested transactions of which the inner one is rolled back', async () => {
    const counts = await compare((outer) =>
      outer.transactional(async (em) => {
        em.create(Order, { title: 'kept', price: '1.50', views: 0 });
        await em.flush();
        await em
          .transactional(async (inner) => {
            inner.create(Tag, { name: 'dropped' });
            await inner.flush();
            throw new Error('inner');
          })
          .catch(() => undefined);
        em.create(Tag, { name: 'kept' });
      }),
    );
    expect(counts.audit).toBe(1);
    expect((await trailOf(audited)).map(([type, , operation]) => [type, operation])).toEqual([
      ['order', 'create'],
      ['Tag', 'create'],
    ]);
  });

  it('for each of two transactions when the inner one is independent (REQUIRES_NEW)', async () => {
    const counts = await compare((outer) =>
      outer
        .transactional(async (em) => {
          em.create(Order, { title: 'dropped', price: '1.50', views: 0 });
          await em.flush();
          await em.transactional(async (inner) => void inner.create(Tag, { name: 'kept' }), {
            propagation: TransactionPropagation.REQUIRES_NEW,
          });
          throw new Error('outer');
        })
        .catch(() => undefined),
    );
    expect(counts.audit).toBe(1);
    expect((await trailOf(audited)).map(([type]) => type)).toEqual(['Tag']);
  });

  it('regardless of the number of rows', async () => {
    for (const rows of [10, 1000]) {
      const counts = await compare(async (em) => {
        for (let index = 0; index < rows; index++) {
          em.create(Order, { title: `order ${index}`, price: '1.50', views: 0 });
        }
        await em.flush();
      });
      expect(counts).toEqual({ audit: 1, beforeLast: true });
    }
  });
});

describe('nothing is written', () => {
  it('for a flush or a transaction without changes', async () => {
    const counts = await compare(async (em) => {
      await em.flush();
      await em.transactional(async (inner) => void (await inner.findAll(Order)));
    });
    expect(counts.audit).toBe(0);
    expect(await trailOf(audited)).toEqual([]);
  });

  it('when only ignored properties or unaudited entities changed', async () => {
    const counts = await compare(async (em) => {
      const order = em.create(Order, { title: 'a', price: '1.50', views: 0 });
      await em.flush();
      order.views = 7;
      await em.flush();
    });
    expect(counts.audit).toBe(1);
    expect(await trailOf(audited)).toEqual([['order', '1', 'create']]);
  });

  it('when a transaction undoes what it did', async () => {
    await audited.em.transactional(async (em) => {
      const order = em.create(Order, { title: 'a', price: '1.50', views: 0 });
      await em.flush();
      em.remove(order);
    });
    expect(audited.statements.take().filter(isAuditWrite)).toEqual([]);
    expect(await trailOf(audited)).toEqual([]);
  });

  it('when the transaction is rolled back, at every level', async () => {
    await expect(
      audited.orm.em.fork().transactional(async (em) => {
        em.create(Order, { title: 'a', price: '1.50', views: 0 });
        await em.flush();
        await em.transactional(async (inner) => void inner.create(Tag, { name: 'x' }));
        throw new Error('outer');
      }),
    ).rejects.toThrow('outer');
    const em = audited.orm.em.fork();
    await em.begin();
    em.create(Order, { title: 'a', price: '1.50', views: 0 });
    await em.flush();
    await em.rollback();
    expect(await trailOf(audited)).toEqual([]);
  });
});

describe('net changes of a transaction', () => {
  it('creating and deleting an existing row again gives one delete, with the state before the transaction', async () => {
    const em = audited.orm.em.fork();
    const order = em.create(Order, { title: 'a', price: '1.50', views: 0, note: 'first' });
    await em.flush();
    await em.transactional(async (inner) => {
      const again = await inner.findOneOrFail(Order, order.id);
      again.title = 'b';
      await inner.flush();
      again.note = null;
      await inner.flush();
      inner.remove(again);
    });
    const { items } = await audited.reader.history(Order, order.id);
    expect(items.map(({ operation }) => operation)).toEqual(['delete', 'create']);
    expect(items[0]?.before).toMatchObject({ title: 'a', note: 'first' });
  });

  it('a value that was changed and changed back is no change', async () => {
    const em = audited.orm.em.fork();
    const order = em.create(Order, { title: 'a', price: '1.50', views: 0 });
    await em.flush();
    await em.transactional(async (inner) => {
      const again = await inner.findOneOrFail(Order, order.id);
      again.title = 'b';
      await inner.flush();
      again.title = 'a';
    });
    expect((await audited.reader.history(Order, order.id)).items).toHaveLength(1);
  });
});
