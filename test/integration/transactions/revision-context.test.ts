import { describe, expect, it } from '@jest/globals';
import type { EntityManager } from '@mikro-orm/core';
import { orderEntities, Tag } from '../../support/fixtures/orders.js';
import { ordersOracle } from '../../support/fixtures/orders.oracle.js';
import { CHANGES, REVISIONS } from '../../support/trail.js';
import { useAuditedApp } from '../../support/use-audited-app.js';

/** When the changes are written must not decide about who made them. */
const WRITING = [
  { when: 'with each flush', options: { maxBufferedChanges: 1 }, orm: {} },
  { when: 'when the buffer is full', options: { maxBufferedChanges: 3 }, orm: {} },
  { when: 'before the commit', options: {}, orm: {} },
  { when: 'with the commit', options: { sendWithCommit: true }, orm: { driverOptions: { pipeline: true } } },
];

describe.each(WRITING)('who, when and why of a revision that is written $when', ({ options, orm }) => {
  const app = useAuditedApp({
    entities: orderEntities,
    oracle: ordersOracle,
    options,
    orm,
    verify: { merged: false },
  });

  const tags = async (manager: EntityManager, names: readonly string[]) => {
    for (const name of names) {
      manager.create(Tag, { name });
    }
    await manager.flush();
  };
  const by = (id: string, manager: EntityManager, ...names: string[]) =>
    app.context.run({ actor: { type: 'user', id, label: null } }, () => tags(manager, names));
  const because = (reason: string, id: string, manager: EntityManager, ...names: string[]) =>
    app.context.run({ actor: { type: 'user', id, label: null }, reason }, () => tags(manager, names));
  const undone = (manager: EntityManager, work: (inner: EntityManager) => Promise<void>) =>
    expect(
      manager.transactional(async (inner) => {
        await work(inner);
        throw new Error('undo');
      }),
    ).rejects.toThrow('undo');

  /** Of the revision and of its changes, which have their own copy. */
  const written = async () => {
    const select = (table: string) =>
      `select concat_ws(':', actor_type, actor_id) as who, reason as why from ${table} row`;
    const rows: { who: string; why: string | null; changes: number }[] = await app.orm.em
      .getConnection()
      .execute(
        `select revision.who, revision.why, count(*)::int as changes
         from (${select(REVISIONS)}) revision
         join (${select(CHANGES)}) change on (change.who, change.why) is not distinct from (revision.who, revision.why)
         group by 1, 2 order by 1`,
      );
    return rows;
  };

  it('are not those of a savepoint that is rolled back', async () => {
    await app.em.transactional(async (outer) => {
      await undone(outer, (inner) => because('mistake', 'anna', inner, 'a', 'b', 'c', 'd'));
      await by('boris', outer, 'e', 'f');
      await by('cleo', outer, 'g');
    });
    expect(await written()).toEqual([
      { who: 'user:boris', why: null, changes: 2 },
      { who: 'user:cleo', why: null, changes: 1 },
    ]);
  });

  it('name nobody where the known actor has changed nothing', async () => {
    await app.em.transactional(async (outer) => {
      await undone(outer, (inner) => because('mistake', 'anna', inner, 'a', 'b', 'c'));
      await tags(outer, ['d']);
    });
    expect(await written()).toEqual([{ who: 'unknown', why: null, changes: 1 }]);
  });

  it('name nobody for what nobody did before the known actor', async () => {
    await app.em.transactional(async (outer) => {
      await tags(outer, ['a']);
      await by('anna', outer, 'b');
      await tags(outer, ['c']);
    });
    expect(await written()).toEqual([
      { who: 'unknown', why: null, changes: 1 },
      { who: 'user:anna', why: null, changes: 2 },
    ]);
  });

  it('are not completed by a savepoint that is rolled back, also where it has written changes of the outer one', async () => {
    await app.em.transactional(async (outer) => {
      await by('boris', outer, 'a', 'b');
      await undone(outer, (inner) => because('mistake', 'anna', inner, 'c', 'd'));
    });
    expect(await written()).toEqual([{ who: 'user:boris', why: null, changes: 2 }]);
  });

  it('are those of a savepoint that is released, when it came first', async () => {
    await app.em.transactional(async (outer) => {
      await outer.transactional((inner) => because('import', 'anna', inner, 'a', 'b'));
      await because('later', 'anna', outer, 'c');
      await because('later', 'boris', outer, 'd');
    });
    expect(await written()).toEqual([
      { who: 'user:anna', why: 'import', changes: 3 },
      { who: 'user:boris', why: 'later', changes: 1 },
    ]);
  });

  it('are those of the outer one, when that came first', async () => {
    await app.em.transactional(async (outer) => {
      await because('import', 'boris', outer, 'a');
      await outer.transactional((inner) => because('later', 'boris', inner, 'b', 'c'));
      await outer.transactional((inner) => because('later', 'anna', inner, 'd'));
    });
    expect(await written()).toEqual([
      { who: 'user:anna', why: 'later', changes: 1 },
      { who: 'user:boris', why: 'import', changes: 3 },
    ]);
  });

  it('forget a released savepoint with the one around it that is rolled back', async () => {
    await app.em.transactional(async (outer) => {
      await undone(outer, async (middle) => {
        await middle.transactional((inner) => because('inner', 'anna', inner, 'a', 'b', 'c'));
        await because('middle', 'cleo', middle, 'd', 'e', 'f');
      });
      await by('boris', outer, 'g');
    });
    expect(await written()).toEqual([{ who: 'user:boris', why: null, changes: 1 }]);
  });

  it('forget a savepoint that is rolled back inside one that is released', async () => {
    await app.em.transactional(async (outer) => {
      await outer.transactional(async (middle) => {
        await undone(middle, (inner) => because('mistake', 'anna', inner, 'a', 'b', 'c'));
        await by('boris', middle, 'd');
        await undone(middle, (inner) => because('mistake', 'anna', inner, 'e', 'f', 'g'));
      });
      await because('late', 'cleo', outer, 'h');
    });
    expect(await written()).toMatchObject([
      { who: 'user:boris', changes: 1 },
      { who: 'user:cleo', changes: 1 },
    ]);
  });

  it('forget a flush of an outer manager inside a savepoint that is rolled back', async () => {
    await app.em.transactional(async (outer) => {
      const fork = outer.fork({ keepTransactionContext: true });
      await undone(outer, () => because('mistake', 'anna', fork, 'a', 'b', 'c'));
      await by('boris', outer, 'd');
    });
    expect(await written()).toEqual([{ who: 'user:boris', why: null, changes: 1 }]);
  });

  it('keep a flush of an outer manager inside a savepoint that is released', async () => {
    await app.em.transactional(async (outer) => {
      const fork = outer.fork({ keepTransactionContext: true });
      await outer.transactional(async (inner) => {
        await because('import', 'anna', fork, 'a', 'b');
        await by('boris', inner, 'c');
      });
      await by('cleo', outer, 'd');
    });
    expect(await written()).toEqual([
      { who: 'user:anna', why: 'import', changes: 2 },
      { who: 'user:boris', why: null, changes: 1 },
      { who: 'user:cleo', why: null, changes: 1 },
    ]);
  });

  it('are kept for each actor, also of one row, in their order', async () => {
    const tag = app.em.create(Tag, { name: 'new' });
    await app.em.flush();
    await app.em.transactional(async (outer) => {
      const same = await outer.findOneOrFail(Tag, tag.id);
      for (const id of ['anna', 'boris', 'anna']) {
        await app.context.run({ actor: { type: 'user', id, label: null }, reason: `of ${id}` }, async () => {
          same.name += `, ${id}`;
          await outer.flush();
        });
      }
      await app.context.run({ actor: { type: 'user', id: 'anna', label: null } }, async () => {
        outer.remove(same);
        await outer.flush();
      });
    });
    const { items } = await app.reader.history(Tag, tag.id, { details: true });
    expect(
      items.slice(0, -1).map(({ operation, before, revision }) => [operation, before?.name, revision.reason]),
    ).toEqual(
      options.maxBufferedChanges !== undefined
        ? [
            ['delete', 'new, anna, boris, anna', 'of anna'],
            ['update', 'new, anna, boris', 'of anna'],
            ['update', 'new, anna', 'of boris'],
            ['update', 'new', 'of anna'],
          ]
        : [
            ['delete', 'new, anna, boris', 'of anna'],
            ['update', 'new, anna', 'of boris'],
            ['update', 'new', 'of anna'],
          ],
    );
    expect(new Set(items.slice(0, -1).map(({ revision }) => revision.transactionId)).size).toBe(1);
    expect(new Set(items.slice(0, -1).map(({ revision }) => revision.id)).size).toBe(3);
    const ofBoris = items.find(({ revision }) => revision.reason === 'of boris');
    const then = await app.reader.asOf(Tag, tag.id, { revision: ofBoris?.revision.id ?? '' });
    expect(then?.name).toBe('new, anna, boris');
  });

  it('are apart for whom the actor acts for', async () => {
    const actor = { type: 'user', id: 'anna', label: null } as const;
    await app.em.transactional(async (outer) => {
      await app.context.run({ actor }, () => tags(outer, ['a']));
      await app.context.run({ actor, onBehalfOf: { type: 'user', id: 'cleo', label: null } }, () =>
        tags(outer, ['b']),
      );
    });
    const { items } = await app.reader.revisions({ order: 'oldest' });
    expect(items.map(({ onBehalfOf }) => onBehalfOf?.id)).toEqual([undefined, 'cleo']);
  });
});
