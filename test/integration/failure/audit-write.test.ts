import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import type { EntityManager } from '@mikro-orm/postgresql';
import { AuditStaleEntityManagerError, AuditWriteError } from 'nestjs-mikro-audit';
import { Order, orderEntities, Tag } from '../../support/fixtures/orders.js';
import { ordersOracle } from '../../support/fixtures/orders.oracle.js';
import { trailOf } from '../../support/trail.js';
import { useAuditedApp } from '../../support/use-audited-app.js';
import { SABOTAGES, withoutTrail } from './failed-trail.js';

// One connection: whoever does not give it back stops everything.
const audited = useAuditedApp({ entities: orderEntities, oracle: ordersOracle, poolMax: 1 });

const fork = (): EntityManager => audited.orm.em.fork() as EntityManager;

const newOrder = { title: 'a', price: '1.50', views: 0 };

async function storedOrder(): Promise<number> {
  const em = fork();
  const order = em.create(Order, newOrder);
  await em.flush();
  return order.id;
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => {
      throw new Error('It did not fail.');
    },
    (error: unknown) => error,
  );
}

/** Nothing of the work is stored, neither business rows nor trail, and the pool still has its connection. */
async function expectNothingStored(): Promise<void> {
  expect(await fork().count(Order)).toBe(0);
  expect(await fork().count(Tag)).toBe(0);
  expect(await trailOf(audited)).toEqual([]);
  await audited.oracle.verify();
  await storedOrder();
  await audited.oracle.verify();
}

describe.each(SABOTAGES)('when $title makes the audit rows impossible', (sabotage) => {
  it('the flush rejects with the cause and the business rows are rolled back', async () => {
    const em = fork();
    em.create(Order, newOrder);
    const error = await withoutTrail(audited.orm, () => failureOf(em.flush()), sabotage);
    expect(error).toBeInstanceOf(AuditWriteError);
    const { message, code, cause, remedy } = error as AuditWriteError;
    expect(code).toBe('AUDIT_WRITE_FAILED');
    expect(cause).toMatchObject({ code: sabotage.sqlState });
    expect(message).toContain((cause as Error).message);
    expect(remedy).toContain('em.fork()');
    // As a logger prints it, with all of its causes.
    expect(inspect(error, { depth: null, showHidden: true })).not.toMatch(/Failing row|"title"/);
    await expectNothingStored();
  });
});

describe('when the audit rows cannot be written, the business rows are rolled back', () => {
  const write = (em: EntityManager) => void em.create(Order, newOrder);

  it.each<[string, (em: EntityManager) => Promise<unknown>]>([
    ['em.transactional', (outer) => outer.transactional((em) => write(em))],
    [
      'em.transactional with several flushes',
      (outer) =>
        outer.transactional(async (em) => {
          write(em);
          await em.flush();
          em.create(Tag, { name: 'x' });
          await em.flush();
        }),
    ],
    [
      'nested em.transactional',
      (outer) =>
        outer.transactional(async (em) => {
          write(em);
          await em.transactional((inner) => void inner.create(Tag, { name: 'x' }));
        }),
    ],
    [
      'nested em.transactional with all changes in the inner one',
      (outer) => outer.transactional((em) => em.transactional((inner) => write(inner))),
    ],
    [
      'em.begin and em.commit',
      async (em) => {
        await em.begin();
        try {
          write(em);
          await em.commit();
        } catch (error) {
          await em.rollback();
          throw error;
        }
      },
    ],
    [
      'a transaction that MikroORM did not begin',
      (em) =>
        em.getConnection().transactional(async (transaction) => {
          const inner = fork();
          inner.setTransactionContext(transaction);
          write(inner);
          await inner.flush();
        }),
    ],
  ])('in %s', async (_title, work) => {
    const error = await withoutTrail(audited.orm, () => failureOf(work(fork())));
    expect(error).toBeInstanceOf(AuditWriteError);
    expect((error as AuditWriteError).cause).toMatchObject({ code: 'AU001' });
    await expectNothingStored();
  });

  it('and an update or a delete leaves the row as it was', async () => {
    const id = await storedOrder();
    const em = fork();
    const order = await em.findOneOrFail(Order, id);
    order.title = 'b';
    await withoutTrail(audited.orm, () => failureOf(em.flush()));
    const other = fork();
    other.remove(await other.findOneOrFail(Order, id));
    await withoutTrail(audited.orm, () => failureOf(other.flush()));
    expect(await fork().findOne(Order, id)).toMatchObject({ title: 'a' });
    expect(await trailOf(audited)).toEqual([['order', '1', 'create']]);
  });

  it('and a flush that changes nothing audited is not touched by it', async () => {
    await withoutTrail(audited.orm, async () => {
      const em = fork();
      await em.findAll(Order);
      await em.flush();
      await em.transactional((inner) => inner.count(Tag));
    });
    await expectNothingStored();
  });
});

describe('an EntityManager whose flush failed because of the trail', () => {
  async function failedUpdate(): Promise<{ em: EntityManager; order: Order }> {
    const id = await storedOrder();
    const em = fork();
    const order = await em.findOneOrFail(Order, id);
    order.title = 'lost?';
    await withoutTrail(audited.orm, () => failureOf(em.flush()));
    return { em, order };
  }

  it('refuses a second flush, which would silently do nothing', async () => {
    const { em } = await failedUpdate();
    for (const _attempt of [1, 2]) {
      const error = await failureOf(em.flush());
      expect(error).toBeInstanceOf(AuditStaleEntityManagerError);
      expect(error).toMatchObject({ code: 'AUDIT_ENTITY_MANAGER_STALE', data: { entityType: 'order' } });
      expect((error as Error).message).toContain('em.clear()');
    }
  });

  it('refuses it also after a failed create', async () => {
    const em = fork();
    em.create(Order, newOrder);
    await withoutTrail(audited.orm, () => failureOf(em.flush()));
    expect(await failureOf(em.flush())).toBeInstanceOf(AuditStaleEntityManagerError);
    await expectNothingStored();
  });

  it('refuses to repeat the work in a transaction of it, which would silently do nothing', async () => {
    const { em, order } = await failedUpdate();
    const repeated = em.transactional(async (inner) => {
      (await inner.findOneOrFail(Order, order.id)).title = 'lost?';
    });
    expect(await failureOf(repeated)).toBeInstanceOf(AuditStaleEntityManagerError);
  });

  it('refuses to retry a transaction that changed entities loaded before it', async () => {
    const em = fork();
    await em.findOneOrFail(Order, await storedOrder());
    const work = () =>
      em.transactional(async (inner) => {
        (await inner.findOneOrFail(Order, { title: 'a' })).title = 'b';
      });
    expect(await withoutTrail(audited.orm, () => failureOf(work()))).toBeInstanceOf(AuditWriteError);
    expect(await failureOf(work())).toBeInstanceOf(AuditStaleEntityManagerError);
  });

  it('refuses it also when other entities are changed meanwhile', async () => {
    const { em } = await failedUpdate();
    em.create(Tag, { name: 'x' });
    expect(await failureOf(em.flush())).toBeInstanceOf(AuditStaleEntityManagerError);
    expect(await fork().count(Tag)).toBe(0);
  });

  it('works again after em.clear()', async () => {
    const { em, order } = await failedUpdate();
    em.clear();
    const again = await em.findOneOrFail(Order, order.id);
    expect(again).not.toBe(order);
    expect(again.title).toBe('a');
    again.title = 'b';
    await em.flush();
    expect((await trailOf(audited)).map(([, , operation]) => operation)).toEqual(['create', 'update']);
  });

  it('does not stop forks of it', async () => {
    const { em } = await failedUpdate();
    const other = em.fork() as EntityManager;
    (await other.findOneOrFail(Order, 1)).title = 'b';
    await other.flush();
  });

  it('is also the one that em.transactional was called on', async () => {
    const id = await storedOrder();
    const em = fork();
    await withoutTrail(audited.orm, () =>
      failureOf(
        em.transactional(async (inner) => {
          (await inner.findOneOrFail(Order, id)).title = 'b';
        }),
      ),
    );
    // MikroORM gives the entities of a failed transaction back to it, or does not; either way nothing may get lost.
    const known = em.getUnitOfWork().getById(Order, id as never);
    if (known) {
      expect(await failureOf(em.flush())).toBeInstanceOf(AuditStaleEntityManagerError);
    } else {
      (await em.findOneOrFail(Order, id)).title = 'c';
      await em.flush();
    }
  });

  it('is also the one that em.begin was called on', async () => {
    const id = await storedOrder();
    const em = fork();
    await withoutTrail(audited.orm, async () => {
      await em.begin();
      (await em.findOneOrFail(Order, id)).title = 'b';
      await failureOf(em.commit());
      await em.rollback();
    });
    expect(await failureOf(em.flush())).toBeInstanceOf(AuditStaleEntityManagerError);
  });
});
