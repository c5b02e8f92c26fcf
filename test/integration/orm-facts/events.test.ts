import { describe, expect, it } from '@jest/globals';
import { defineEntity, p } from '@mikro-orm/core';
import { snapshotOf } from '../../../libs/audit/src/capture/orm/entity-facts.js';
import { type EventName, only, useFactsOrm } from './facts-orm.js';

const Task = defineEntity({
  name: 'Task',
  properties: { id: p.integer().primary(), title: p.text() },
});

const facts = useFactsOrm([Task]);

const FLUSH: readonly EventName[] = ['onFlush', 'afterFlush'];
const ALL: readonly EventName[] = [
  ...FLUSH,
  'beforeTransactionStart',
  'afterTransactionStart',
  'beforeTransactionCommit',
  'afterTransactionCommit',
  'beforeTransactionRollback',
  'afterTransactionRollback',
];

async function aTask(): Promise<number> {
  const own = facts.orm.em.fork();
  const task = own.create(Task, { title: 'one' });
  await own.flush();
  return task.id;
}

describe('events', () => {
  it('of a flush alone: its statements lie between the start of its transaction and the commit', async () => {
    facts.em.create(Task, { title: 'new' });
    expect(await facts.story(ALL, () => facts.em.flush())).toEqual([
      'onFlush',
      'beforeTransactionStart',
      'begin',
      'afterTransactionStart',
      'insert',
      'beforeTransactionCommit',
      'commit',
      'afterTransactionCommit',
      'afterFlush',
    ]);
  });

  it('of a flush in a transaction: none of its own, and the commit comes when the transaction ends', async () => {
    const story = await facts.story(ALL, () =>
      facts.em.transactional(async (em) => {
        em.create(Task, { title: 'new' });
        await em.flush();
        await em.execute('select 1');
      }),
    );
    expect(story).toEqual([
      'beforeTransactionStart',
      'begin',
      'afterTransactionStart',
      'onFlush',
      'insert',
      'afterFlush',
      'select',
      'onFlush',
      'afterFlush',
      'beforeTransactionCommit',
      'commit',
      'afterTransactionCommit',
    ]);
  });

  it('of a transaction that is made by hand: none but those of the flush', async () => {
    const story = await facts.story(ALL, () =>
      facts.em.getConnection().transactional(async (transaction) => {
        const em = facts.em.fork();
        em.setTransactionContext(transaction);
        em.create(Task, { title: 'new' });
        await em.flush();
      }),
    );
    expect(story).toEqual(['begin', 'onFlush', 'insert', 'afterFlush', 'commit']);
  });

  it('of a savepoint: those of a transaction, which has a name', async () => {
    const seen = await facts.seen(
      'afterTransactionStart',
      ({ transaction }) => transaction?.savepointName,
      () => facts.em.transactional((em) => em.transactional(() => em.execute('select 1'))),
    );
    expect(seen).toEqual([undefined, 'trx1']);
  });

  it('tell a savepoint, before it starts, of the transaction around, with the unit of work that has it', async () => {
    const around: unknown[] = [];
    facts.listen('beforeTransactionStart', ({ uow, transaction }) => around.push({ uow, transaction }));
    const started = await facts.seen(
      'afterTransactionStart',
      ({ uow, transaction }) => ({ uow, transaction }),
      () => facts.em.transactional((em) => em.transactional(async () => undefined)),
    );
    expect(around[0]).toMatchObject({ transaction: undefined });
    const [outer, inner] = started;
    const [, second] = around as (typeof started)[number][];
    expect(second?.transaction === outer?.transaction).toBe(true);
    expect(second?.uow === inner?.uow).toBe(true);
    expect(inner?.uow === outer?.uow).toBe(false);
  });

  it('give all events of a flush one unit of work, and those of a transaction one transaction', async () => {
    const seen: { uow: object; transaction: object | undefined }[] = [];
    for (const name of ALL) {
      facts.listen(name, ({ uow, transaction }) => seen.push({ uow, transaction }));
    }
    facts.em.create(Task, { title: 'new' });
    await facts.em.flush();
    expect(new Set(seen.map(({ uow }) => uow)).size).toBe(1);
    const transactions = new Set(seen.flatMap(({ transaction }) => transaction ?? []));
    expect(transactions.size).toBe(1);
  });

  it('come when the EntityManager is not in the new transaction yet, or not in it any more', async () => {
    facts.em.create(Task, { title: 'new' });
    const inside: unknown[] = [];
    for (const name of ALL) {
      facts.listen(name, ({ em }) => inside.push([name, em.isInTransaction()]));
    }
    await facts.em.flush();
    expect(inside).toEqual([
      ['onFlush', false],
      ['beforeTransactionStart', false],
      ['afterTransactionStart', false],
      ['beforeTransactionCommit', true],
      ['afterTransactionCommit', true],
      ['afterFlush', false],
    ]);
  });

  it('of a flush without anything to do: no transaction', async () => {
    expect(await facts.story(ALL, () => facts.em.flush())).toEqual(['onFlush', 'afterFlush']);
  });

  it('are told of flushes that were asked for at once one after the other, each with its onFlush', async () => {
    facts.em.create(Task, { title: 'new' });
    const story = await facts.story(FLUSH, () => Promise.all([facts.em.flush(), facts.em.flush()]));
    expect(story.filter((step) => step === 'onFlush')).toHaveLength(2);
    expect(story.slice(0, 4)).toEqual(['onFlush', 'begin', 'insert', 'commit']);
  });
});

describe('errors of listeners', () => {
  it.each(['onFlush'] as const)('in %s: nothing is sent, and the change is still there', async (name) => {
    const task = facts.em.create(Task, { title: 'new' });
    facts.listen(name, refuse);
    facts.statements.take();
    await expect(facts.em.flush()).rejects.toThrow('refused');
    expect(facts.statements.take()).toEqual([]);
    facts.reset();
    await managerOf(task).flush();
    expect(task.id).toBeDefined();
  });

  it('before the commit of a flush: it is rolled back, but its snapshots are not', async () => {
    const id = await aTask();
    const { em } = facts;
    const task = await em.findOneOrFail(Task, id);
    task.title = 'lost';
    facts.listen('beforeTransactionCommit', refuse);
    await expect(em.flush()).rejects.toThrow('refused');
    facts.listen('beforeTransactionCommit', () => undefined);
    expect(snapshotOf(task)).toMatchObject({ title: 'lost' });
    expect(await facts.story([], () => em.flush())).toEqual([]);
    expect(await em.fork().findOneOrFail(Task, id)).toMatchObject({ title: 'one' });
  });

  it('in afterFlush: the transaction is rolled back, or it is too late when there is none any more', async () => {
    facts.listen('afterFlush', refuse);
    const before = await facts.orm.em.fork().count(Task);
    await expect(
      facts.em.transactional((em) => {
        em.create(Task, { title: 'undone' });
        return em.flush();
      }),
    ).rejects.toThrow('refused');
    expect(await facts.orm.em.fork().count(Task)).toBe(before);
    const { em } = facts;
    em.create(Task, { title: 'kept' });
    await expect(em.flush()).rejects.toThrow('refused');
    expect(await facts.orm.em.fork().count(Task)).toBe(before + 1);
  });
});

function refuse(): never {
  throw new Error('refused');
}

function managerOf(task: object) {
  return only([facts.orm.em.fork().persist(task)]);
}
