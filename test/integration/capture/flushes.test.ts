import { describe, expect, it } from '@jest/globals';
import { type EntityManager, FlushMode } from '@mikro-orm/core';
import { trailOf } from '../../support/trail.js';
import { Topic, useMeetings } from './use-meetings.js';

const { app, kinds } = useMeetings();

describe('flushes', () => {
  it('a value changed and changed back before the flush is no change', async () => {
    const topic = app.em.create(Topic, { name: 'a' });
    await app.em.flush();
    topic.name = 'b';
    topic.name = 'a';
    await app.em.flush();
    expect(await kinds()).toEqual(['Topic create']);
  });

  it('an implicit and an explicit transaction give the same history', async () => {
    const work = async (manager: EntityManager) => {
      const topic = manager.create(Topic, { name: 'a' });
      await manager.flush();
      topic.name = 'b';
      await manager.flush();
      manager.remove(topic);
      await manager.flush();
    };
    const changes = async () => {
      const { items } = await app.reader.history(Topic, 1);
      return items.map(({ operation, before, after }) => ({ operation, before, after }));
    };
    await work(app.em);
    const implicit = await changes();
    await app.oracle.clear();
    for (const step of ['create', 'update', 'delete'] as const) {
      await app.orm.em.fork().transactional(async (manager) => {
        if (step === 'create') {
          manager.create(Topic, { name: 'a' });
          return;
        }
        const topic = await manager.findOneOrFail(Topic, 1);
        if (step === 'update') {
          topic.name = 'b';
        } else {
          manager.remove(topic);
        }
      });
    }
    expect(await changes()).toEqual(implicit);
  });

  it('a flush that a query sets off inside a transaction is part of its revision', async () => {
    await app.em.transactional(
      async (inner) => {
        inner.persist(inner.create(Topic, { name: 'a' }));
        expect(await inner.find(Topic, {})).toHaveLength(1);
        inner.create(Topic, { name: 'b' });
      },
      { flushMode: FlushMode.AUTO },
    );
    expect(await kinds()).toEqual(['Topic create', 'Topic create']);
  });

  it('with FlushMode.COMMIT nothing is sent before the end, and all is recorded', async () => {
    await app.em.transactional(
      async (inner) => {
        inner.create(Topic, { name: 'a' });
        expect(await inner.find(Topic, {})).toEqual([]);
      },
      { flushMode: FlushMode.COMMIT },
    );
    expect(await kinds()).toEqual(['Topic create']);
  });

  it('flushes that read before they write do not wait for each other crosswise', async () => {
    for (const name of ['a', 'b', 'c', 'd']) {
      app.em.create(Topic, { name });
    }
    await app.em.flush();
    const rounds = Array.from({ length: 40 }, async (_, round) => {
      const manager = app.orm.em.fork();
      for (const id of round % 2 === 0 ? [1, 2, 3, 4] : [4, 3, 2, 1]) {
        manager.getReference(Topic, id).name = `round ${round}`;
      }
      await manager.flush();
    });
    await Promise.all(rounds);
    expect(await trailOf(app)).toHaveLength(4 + 40 * 4);
  });
});
