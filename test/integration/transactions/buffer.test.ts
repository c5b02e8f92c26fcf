import { describe, expect, it } from '@jest/globals';
import type { EntityManager } from '@mikro-orm/core';
import { Order, orderEntities, Tag } from '../../support/fixtures/orders.js';
import { ordersOracle } from '../../support/fixtures/orders.oracle.js';
import { isAuditWrite } from '../../support/statement-log.js';
import { revisionCount, trailOf } from '../../support/trail.js';
import { useAuditedApp } from '../../support/use-audited-app.js';

/** Writes before the commit, because the buffer of the transaction is full. */
describe('a transaction with more changes than the buffer holds', () => {
  const app = useAuditedApp({
    entities: orderEntities,
    oracle: ordersOracle,
    options: { maxBufferedChanges: 3 },
    verify: { merged: false },
  });

  const tags = async (inner: EntityManager, ...names: string[]) => {
    for (const name of names) {
      inner.create(Tag, { name });
    }
    await inner.flush();
  };
  const names = async () => {
    const rows: { name: string }[] = await app.orm.em
      .getConnection()
      .execute(`select after ->> 'name' as name from audit_change order by id`);
    return rows.map(({ name }) => name);
  };
  const auditStatements = () => app.statements.take().filter(isAuditWrite).length;

  it('writes in between, in the same transaction and under the same revision', async () => {
    await app.em.transactional(async (inner) => {
      await tags(inner, 'a', 'b');
      await tags(inner, 'c', 'd');
      await tags(inner, 'e');
    });
    expect(auditStatements()).toBe(2);
    expect(await names()).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(await revisionCount(app)).toBe(1);
  });

  it('writes who, when and why with every change as the revision of its actor has it, whoever flushes later', async () => {
    const by = (id: string, work: () => Promise<void>) =>
      app.context.run({ actor: { type: 'user', id, label: id }, reason: `for ${id}`, action: id }, work);
    await app.em.transactional(async (outer) => {
      await by('anna', () => tags(outer, 'a', 'b', 'c'));
      await by('boris', () => tags(outer, 'd', 'e', 'f'));
      await outer
        .transactional(async (inner) => {
          await by('boris', () => tags(inner, 'g', 'h', 'i'));
          throw new Error('undo');
        })
        .catch(() => undefined);
      await by('boris', () => tags(outer, 'j'));
    });
    const rows = await app.orm.em.getConnection().execute(
      `select actor_id, actor_label, reason, action, count(*)::int as changes, count(distinct recorded_at)::int as times
       from audit_change group by 1, 2, 3, 4 order by 1`,
    );
    const of = (id: string) => ({ actor_id: id, actor_label: id, reason: `for ${id}`, action: id });
    expect(rows).toEqual([
      { ...of('anna'), changes: 3, times: 1 },
      { ...of('boris'), changes: 4, times: 1 },
    ]);
  });

  it('takes who, when and why of a revision that is written anew after a savepoint', async () => {
    const by = (id: string, work: () => Promise<void>) =>
      app.context.run({ actor: { type: 'user', id, label: null } }, work);
    await app.em.transactional(async (outer) => {
      await outer
        .transactional(async (inner) => {
          await by('anna', () => tags(inner, 'a', 'b', 'c', 'd'));
          throw new Error('undo');
        })
        .catch(() => undefined);
      await by('boris', () => tags(outer, 'e', 'f', 'g'));
      await by('cleo', () => tags(outer, 'h'));
    });
    const rows = await app.orm.em
      .getConnection()
      .execute('select actor_id, count(*)::int as changes from audit_change group by 1 order by 1');
    expect(rows).toEqual([
      { actor_id: 'boris', changes: 3 },
      { actor_id: 'cleo', changes: 1 },
    ]);
  });

  it('leaves nothing when it is rolled back later', async () => {
    await app.em
      .transactional(async (inner) => {
        await tags(inner, 'a', 'b', 'c');
        throw new Error('undo');
      })
      .catch(() => undefined);
    expect(await trailOf(app)).toEqual([]);
    expect(await revisionCount(app)).toBe(0);
  });

  it('inside a savepoint that is released, keeps the order of changes', async () => {
    await app.em.transactional(async (outer) => {
      await tags(outer, 'a');
      await outer.transactional(async (inner) => {
        await tags(inner, 'b', 'c', 'd');
      });
      await tags(outer, 'e');
    });
    expect(await names()).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(await revisionCount(app)).toBe(1);
  });

  it('keeps the changes from before a savepoint that is rolled back', async () => {
    await app.em.transactional(async (outer) => {
      await tags(outer, 'a', 'b');
      await outer
        .transactional(async (inner) => {
          await tags(inner, 'c', 'd');
          throw new Error('undo');
        })
        .catch(() => undefined);
      await tags(outer, 'e');
    });
    expect(await names()).toEqual(['a', 'b', 'e']);
    expect(await revisionCount(app)).toBe(1);
  });

  it('in nested savepoints of which the middle one is rolled back', async () => {
    await app.em.transactional(async (outer) => {
      await tags(outer, 'a');
      await outer
        .transactional(async (middle) => {
          await tags(middle, 'b');
          await middle.transactional(async (inner) => {
            await tags(inner, 'c', 'd', 'e');
          });
          await tags(middle, 'f', 'g', 'h');
          throw new Error('undo');
        })
        .catch(() => undefined);
      await outer.transactional(async (inner) => {
        await tags(inner, 'i');
      });
    });
    expect(await names()).toEqual(['a', 'i']);
  });
});

describe('several managers and one transaction', () => {
  const app = useAuditedApp({ entities: orderEntities, oracle: ordersOracle });

  it('a fork that joins the transaction adds to its revision', async () => {
    await app.orm.em.fork().transactional(async (em) => {
      em.create(Tag, { name: 'own' });
      await em.flush();
      const fork = em.fork({ keepTransactionContext: true });
      fork.create(Tag, { name: 'forked' });
      await fork.flush();
    });
    expect(await trailOf(app)).toHaveLength(2);
    expect(await revisionCount(app)).toBe(1);
  });

  it('clear() between flushes loses nothing', async () => {
    await app.orm.em.fork().transactional(async (em) => {
      const order = em.create(Order, { title: 'a', price: '1.00', views: 0 });
      await em.flush();
      em.clear();
      const again = await em.findOneOrFail(Order, order.id);
      again.title = 'b';
      await em.flush();
      em.clear();
    });
    expect(await trailOf(app)).toEqual([['order', '1', 'create']]);
  });

  it('parallel flushes that MikroORM queues on one manager are each recorded once', async () => {
    const em = app.orm.em.fork();
    const order = em.create(Order, { title: 'a', price: '1.00', views: 0 });
    await em.flush();
    order.title = 'b';
    const first = em.flush();
    em.create(Tag, { name: 'x' });
    const second = em.flush();
    await Promise.all([first, second]);
    await em.flush();
    expect((await trailOf(app)).map(([type, , operation]) => `${type} ${operation}`).sort()).toEqual([
      'Tag create',
      'order create',
      'order update',
    ]);
  });

  it('concurrent transactions on several connections keep separate revisions', async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        app.orm.em.fork().transactional(async (em) => {
          em.create(Tag, { name: `tag ${index}` });
          await em.flush();
          em.create(Order, { title: `order ${index}`, price: '1.00', views: 0 });
        }),
      ),
    );
    expect(await revisionCount(app)).toBe(20);
    expect(await trailOf(app)).toHaveLength(40);
  });

  it('a flush in beforeTransactionCommit, after ours, is recorded too', async () => {
    const late = {
      done: false,
      async beforeTransactionCommit({ em }: { em: EntityManager }) {
        if (!late.done && em.isInTransaction()) {
          late.done = true;
          em.create(Tag, { name: 'late' });
          await em.flush();
        }
      },
    };
    const em = app.orm.em.fork();
    await em.begin();
    em.getEventManager().registerSubscriber(late);
    em.create(Tag, { name: 'early' });
    await em.commit();
    expect(await trailOf(app)).toHaveLength(2);
    expect(await revisionCount(app)).toBe(1);
  });
});
