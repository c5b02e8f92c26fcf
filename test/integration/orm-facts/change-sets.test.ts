import { describe, expect, it } from '@jest/globals';
import { defineEntity, p } from '@mikro-orm/core';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import {
  type AnyChangeSet,
  isCreate,
  isDelete,
  isEarlyDelete,
  payloadOf,
  wasExecuted,
} from '../../../libs/audit/src/capture/orm/change-set-facts.js';
import { snapshotOf } from '../../../libs/audit/src/capture/orm/entity-facts.js';
import { type Happening, only, useFactsOrm } from './facts-orm.js';

const Part = defineEntity({
  name: 'Part',
  properties: {
    id: p.integer().primary(),
    code: p.text().unique(),
    weight: p.decimal().precision(8).scale(2).nullable(),
    made: p.text().defaultRaw("'here'").nullable(),
  },
});

@Entity({ inheritance: 'tpt' })
abstract class Machine {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'string' })
  name!: string;
}

@Entity()
class Drill extends Machine {
  @Property({ type: 'integer' })
  speed!: number;
}

const facts = useFactsOrm([Part, Machine, Drill]);

async function aPart(code: string): Promise<number> {
  const own = facts.orm.em.fork();
  const part = own.create(Part, { code });
  await own.flush();
  return part.id;
}

async function aDrill(): Promise<number> {
  const own = facts.orm.em.fork();
  const drill = own.create(Drill, { name: 'one', speed: 1 });
  await own.flush();
  return drill.id;
}

const changeSetsOf = ({ uow }: Happening): AnyChangeSet[] => uow.getChangeSets() as AnyChangeSet[];

/** Looks at the only change set of a flush. */
async function changeSet<Seen>(
  event: 'onFlush' | 'beforeTransactionCommit' | 'afterFlush',
  look: (changeSet: AnyChangeSet) => Seen,
): Promise<Seen> {
  const seen = await facts.seen(
    event,
    (happening) => look(only(changeSetsOf(happening))),
    () => facts.em.flush(),
  );
  return only(seen);
}

describe('change sets', () => {
  it('an insert is sent with what was set, and gets generated values back into its payload', async () => {
    const part = facts.em.create(Part, { code: 'c1' }, { processOnCreateHooksEarly: false });
    const early: object[] = [];
    facts.listen('onFlush', (event) => early.push({ ...payloadOf(only(changeSetsOf(event))) }));
    const late = await changeSet('beforeTransactionCommit', (one) => ({
      create: isCreate(one),
      executed: wasExecuted(one),
      payload: { ...payloadOf(one) },
    }));
    expect(only(early)).toEqual({ code: 'c1' });
    expect(late).toEqual({
      create: true,
      executed: true,
      payload: { code: 'c1', id: part.id, made: 'here' },
    });
  });

  it('an insert or update is not executed before its statement', async () => {
    facts.em.create(Part, { code: 'c2' });
    expect(await changeSet('onFlush', wasExecuted)).toBe(false);
  });

  it('an update has changed values only, and the whole snapshot before', async () => {
    const part = await facts.em.findOneOrFail(Part, await aPart('u1'));
    const before = snapshotOf(part);
    part.weight = '1.5';
    const seen = await changeSet('beforeTransactionCommit', (one) => ({
      kinds: [isCreate(one), isDelete(one)],
      executed: wasExecuted(one),
      payload: { ...payloadOf(one) },
      original: one.originalEntity,
    }));
    expect(seen).toMatchObject({ kinds: [false, false], executed: true, payload: { weight: '1.5' } });
    expect(seen.original).toBe(before);
    expect(before).toMatchObject({ code: 'u1', weight: null });
  });

  it('a statement for several rows puts their keys into the payloads', async () => {
    const ids = [await aPart('u2'), await aPart('u3')];
    for (const part of await facts.em.find(Part, ids)) {
      part.weight = '2.5';
    }
    const seen = await facts.seen(
      'beforeTransactionCommit',
      (event) => changeSetsOf(event).map((one) => Object.keys(payloadOf(one)).sort()),
      () => facts.em.flush(),
    );
    expect(only(seen)).toEqual([
      ['id', 'weight'],
      ['id', 'weight'],
    ]);
  });

  it('a delete has neither payload nor snapshot, and is not marked as executed', async () => {
    facts.em.remove(await facts.em.findOneOrFail(Part, await aPart('d1')));
    const seen = await changeSet('beforeTransactionCommit', (one) => ({
      kinds: [isDelete(one), isEarlyDelete(one)],
      payload: payloadOf(one),
      original: one.originalEntity,
      persisted: one.persisted,
      executed: wasExecuted(one),
    }));
    expect(seen).toEqual({
      kinds: [true, false],
      payload: {},
      original: undefined,
      persisted: undefined,
      executed: false,
    });
  });

  it('a delete makes room for an insert with the same unique value by running first', async () => {
    facts.em.remove(await facts.em.findOneOrFail(Part, await aPart('d2')));
    facts.em.create(Part, { code: 'd2' });
    const seen = await facts.seen(
      'onFlush',
      (event) => changeSetsOf(event).map((one) => [isCreate(one), isDelete(one), isEarlyDelete(one)]),
      () => facts.story([], () => facts.em.flush()),
    );
    expect(only(seen)).toEqual(
      expect.arrayContaining([
        [true, false, false],
        [false, true, true],
      ]),
    );
  });

  it('an early delete is sent before the inserts, another one after the updates', async () => {
    const [early, late] = [await aPart('d3'), await aPart('d4')];
    facts.em.remove(await facts.em.findOneOrFail(Part, early));
    facts.em.create(Part, { code: 'd3' });
    expect(await facts.story([], () => facts.em.flush())).toEqual(['begin', 'delete', 'insert', 'commit']);
    facts.em.remove(await facts.em.findOneOrFail(Part, late));
    facts.em.create(Part, { code: 'd5' });
    expect(await facts.story([], () => facts.em.flush())).toEqual(['begin', 'insert', 'delete', 'commit']);
  });

  it('an insert over joined tables has a change set per table, and the leaf is listed', async () => {
    const drill = facts.em.create(Drill, { name: 'new', speed: 3 });
    const seen = await changeSet('beforeTransactionCommit', (one) => ({
      leaf: Object.keys(one.payload),
      parents: (one.tptChangeSets ?? []).map(({ payload }) => Object.keys(payload)),
      all: { ...payloadOf(one) },
      executed: wasExecuted(one),
    }));
    expect(seen.leaf).not.toContain('name');
    expect(seen.parents).toEqual([expect.arrayContaining(['name'])]);
    expect(seen.all).toMatchObject({ id: drill.id, name: 'new', speed: 3 });
    expect(seen.executed).toBe(true);
  });

  it('an update of a parent table alone leaves the change set of the leaf empty and not executed', async () => {
    const drill = await facts.em.findOneOrFail(Drill, await aDrill());
    drill.name = 'two';
    const seen = await changeSet('beforeTransactionCommit', (one) => ({
      leaf: { ...one.payload },
      persisted: one.persisted,
      all: { ...payloadOf(one) },
      executed: wasExecuted(one),
    }));
    expect(seen).toEqual({ leaf: {}, persisted: undefined, all: { name: 'two' }, executed: true });
  });

  it('a statement that hits no row is taken for executed', async () => {
    const part = await facts.em.findOneOrFail(Part, await aPart('u4'));
    await facts.orm.em.fork().nativeDelete(Part, part.id);
    part.weight = '3.5';
    expect(await changeSet('beforeTransactionCommit', wasExecuted)).toBe(true);
  });

  it('a change set that is added during onFlush is listed afterwards', async () => {
    const part = await facts.em.findOneOrFail(Part, await aPart('u5'));
    const other = await facts.em.findOneOrFail(Part, await aPart('u6'));
    part.weight = '4.5';
    facts.listen('onFlush', ({ uow }) => {
      other.weight = '5.5';
      uow.computeChangeSet(other);
    });
    const seen = await facts.seen(
      'beforeTransactionCommit',
      (event) => changeSetsOf(event).map(({ entity }) => entity),
      () => facts.em.flush(),
    );
    expect(only(seen)).toEqual([part, other]);
  });
});
