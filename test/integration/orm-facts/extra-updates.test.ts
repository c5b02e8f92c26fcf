import { describe, expect, it } from '@jest/globals';
import { defineEntity, p } from '@mikro-orm/core';
import {
  type AnyChangeSet,
  FlushChangeSets,
  payloadOf,
  wasExecuted,
} from '../../../libs/audit/src/capture/orm/change-set-facts.js';
import { only, useFactsOrm } from './facts-orm.js';

const Seat = defineEntity({
  name: 'Seat',
  properties: {
    id: p.integer().primary(),
    code: p.text().unique(),
    color: p.text().nullable(),
    next: () => p.manyToOne(Seat).nullable(),
  },
});

const facts = useFactsOrm([Seat]);

/** Two seats, of which the second one is about to take over the code of the first one. */
async function handOver(name: string) {
  const own = facts.orm.em.fork();
  const ids = [own.create(Seat, { code: `${name}1` }), own.create(Seat, { code: `${name}2` })];
  await own.flush();
  const first = await facts.em.findOneOrFail(Seat, ids[0]?.id ?? 0);
  const second = await facts.em.findOneOrFail(Seat, ids[1]?.id ?? 0);
  first.code = `${name}3`;
  second.code = `${name}1`;
  return { first, second };
}

describe('extra updates', () => {
  it('hide the change set of which only unique values are left, from the list and for good', async () => {
    const { first, second } = await handOver('a');
    let flush: FlushChangeSets | undefined;
    facts.listen('onFlush', ({ uow }) => {
      flush = new FlushChangeSets(uow, new WeakSet());
    });
    const seen = await facts.seen(
      'beforeTransactionCommit',
      ({ uow }) => ({
        listed: (uow.getChangeSets() as AnyChangeSet[]).map(({ entity }) => entity),
        all: flush?.all().map(({ entity }) => entity),
        hidden: flush?.all().map((one) => flush?.isHidden(one)),
        executed: flush?.all().map(wasExecuted),
        payloads: flush?.all().map((one) => payloadOf(one).code),
      }),
      () => facts.em.flush(),
    );
    const { listed, all, hidden, executed, payloads } = only(seen);
    const visible = only(listed);
    expect(new Set(all)).toEqual(new Set([first, second]));
    expect(all?.[0]).toBe(visible);
    expect(hidden).toEqual([false, true]);
    expect(executed).toEqual([true, false]);
    expect(new Set(payloads)).toEqual(new Set(['a3', 'a1']));
  });

  it('take a unique value out of the payload and give it back once it is stored', async () => {
    const { second, first } = await handOver('b');
    first.color = 'red';
    second.color = 'blue';
    const before: unknown[] = [];
    let flush: FlushChangeSets | undefined;
    facts.listen('onFlush', ({ uow }) => {
      flush = new FlushChangeSets(uow, new WeakSet());
      before.push(
        ...flush.all().map((one) => ({ has: 'code' in payloadOf(one), late: flush?.postponedNames(one) })),
      );
    });
    const seen = await facts.seen(
      'beforeTransactionCommit',
      () => flush?.all().map((one) => ({ has: 'code' in payloadOf(one), hidden: flush?.isHidden(one) })),
      () => facts.em.flush(),
    );
    expect(before).toContainEqual({ has: false, late: ['code'] });
    expect(only(seen)).toEqual([
      { has: true, hidden: false },
      { has: true, hidden: false },
    ]);
  });

  it('have the values before in the change set that they belong to', async () => {
    await handOver('c');
    const seen = await facts.seen(
      'onFlush',
      ({ uow }) => [...uow.getExtraUpdates()].map((extra) => extra[3]?.originalEntity),
      () => facts.em.flush(),
    );
    expect(only(only(seen))).toMatchObject({ code: expect.stringMatching(/^c[12]$/) });
  });

  it('of a flush that is over are kept while other flushes are queued', async () => {
    await handOver('d');
    const ofEarlierFlushes = new WeakSet<object>();
    const seen = await facts.seen(
      'onFlush',
      ({ uow }) => {
        const flush = new FlushChangeSets(uow, ofEarlierFlushes);
        return {
          kept: uow.getExtraUpdates().size,
          hidden: flush.all().filter((one) => flush.isHidden(one)).length,
        };
      },
      () => Promise.all([facts.em.flush(), facts.em.flush()]),
    );
    expect(seen).toEqual([
      { kept: 1, hidden: 1 },
      { kept: 1, hidden: 0 },
    ]);
    expect(facts.em.getUnitOfWork(false).getExtraUpdates().size).toBe(0);
  });

  it('between new rows come up while the rows are inserted, and are kept too', async () => {
    const one = facts.em.create(Seat, { code: 'f1' });
    const other = facts.em.create(Seat, { code: 'f2', next: one });
    one.next = other;
    const seen = await facts.seen(
      'onFlush',
      ({ uow }) => {
        const flush = new FlushChangeSets(uow, new WeakSet());
        return {
          kept: uow.getExtraUpdates().size,
          repeated: [one, other].some((seat) => flush.isRepeated(seat)),
        };
      },
      () => Promise.all([facts.em.flush(), facts.em.flush()]),
    );
    expect(seen).toEqual([
      { kept: 0, repeated: false },
      { kept: 2, repeated: true },
    ]);
  });

  it('set a reference between new rows that refer to each other, and complete the payload of the insert', async () => {
    const one = facts.em.create(Seat, { code: 'e1' });
    const other = facts.em.create(Seat, { code: 'e2', next: one });
    one.next = other;
    const seen = await facts.seen(
      'beforeTransactionCommit',
      ({ uow }) =>
        (uow.getChangeSets() as AnyChangeSet[]).map((changeSet) => [
          changeSet.entity === one,
          payloadOf(changeSet).next,
        ]),
      () => facts.em.flush(),
    );
    expect(only(seen)).toContainEqual([true, other.id]);
    expect(only(seen)).toContainEqual([false, one.id]);
  });
});
