import { describe, expect, it } from '@jest/globals';
import { type EntityManager, raw } from '@mikro-orm/postgresql';
import { useAuditedApp } from '../../support/use-audited-app.js';
import { Counted, Filled, Stamped, storedEntities } from './stored-model.js';
import { changesOf } from './trail-values.js';

const audited = useAuditedApp({ entities: storedEntities });

function fork(): EntityManager {
  return audited.orm.em.fork();
}

const created = {
  id: 1,
  lock: 1,
  name: 'a',
  counter: 7,
  plain: null,
  at: '2020-01-01T00:00:00.000Z',
  code: 'ABC',
  made: 'created',
  touched: 1,
  loud: 'a!',
  essay: null,
};

describe('what nobody sent', () => {
  it('is in the trail: defaults, generated and version columns, hooks', async () => {
    const em = fork();
    const one = em.create(Filled, { name: 'a' });
    await em.flush();
    one.name = 'b';
    await em.flush();
    const [[, , create] = [], [, before, after] = []] = await changesOf(audited);
    expect(create).toEqual(created);
    expect(before).toEqual({ lock: 1, name: 'a', touched: 1, loud: 'a!' });
    expect(after).toEqual({ lock: 2, name: 'b', touched: 2, loud: 'b!' });
  });

  it('is known to an EntityManager that has loaded the row', async () => {
    const em = fork();
    em.create(Filled, { name: 'a' });
    await em.flush();
    const other = fork();
    const one = await other.findOneOrFail(Filled, 1);
    one.name = null;
    await other.flush();
    one.name = 'c';
    await other.flush();
    const [, ...updates] = await changesOf(audited);
    expect(updates).toEqual([
      [
        'update',
        { lock: 1, name: 'a', touched: 1, loud: 'a!' },
        { lock: 2, name: null, touched: 2, loud: null },
      ],
      [
        'update',
        { lock: 2, name: null, touched: 2, loud: null },
        { lock: 3, name: 'c', touched: 3, loud: 'c!' },
      ],
    ]);
  });

  it('is read once for a batch in which only some rows give a value', async () => {
    const em = fork();
    em.create(Filled, { name: 'a', at: new Date('2024-01-01T00:00:00Z'), code: 'own', counter: 1 });
    em.create(Filled, { name: 'b' });
    em.create(Filled, { name: 'c', code: null });
    await em.flush();
    // begin, insert, read, audit, commit
    expect(audited.statements.take()).toHaveLength(5);
    const changes = await changesOf(audited);
    expect(changes.map(([, , after]) => [after?.at, after?.code, after?.counter])).toEqual([
      ['2024-01-01T00:00:00.000Z', 'own', 1],
      ['2020-01-01T00:00:00.000Z', 'ABC', 7],
      ['2020-01-01T00:00:00.000Z', null, 7],
    ]);
  });

  it('is a date where the version is one', async () => {
    const em = fork();
    const one = em.create(Stamped, { name: 'a' });
    await em.flush();
    one.name = 'b';
    await em.flush();
    one.name = 'c';
    await em.flush();
    const changes = await changesOf(audited);
    const iso = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(changes).toEqual([
      ['create', null, { id: 1, name: 'a', lock: iso }],
      ['update', { name: 'a', lock: iso }, { name: 'b', lock: iso }],
      ['update', { name: 'b', lock: iso }, { name: 'c', lock: iso }],
    ]);
    const { items } = await audited.reader.history(Stamped, 1);
    expect(items[0]?.after?.lock).toEqual(one.lock);
  });
});

describe('an SQL expression', () => {
  it('is recorded by its result', async () => {
    const em = fork();
    const one = em.create(Counted, { counter: 1 });
    await em.flush();
    one.counter = raw('counter + 1') as never;
    await em.flush();
    const other = fork();
    const loaded = await other.findOneOrFail(Counted, 1);
    loaded.counter = raw('counter + 10') as never;
    await other.flush();
    expect((await changesOf(audited)).slice(1)).toEqual([
      ['update', { counter: 1 }, { counter: 2 }],
      ['update', { counter: 2 }, { counter: 12 }],
    ]);
  });

  it('is recorded by its result in a batch', async () => {
    const em = fork();
    const rows = [1, 2].map((counter) => em.create(Counted, { counter }));
    await em.flush();
    for (const row of rows) {
      row.counter = raw('counter * 2') as never;
    }
    await em.flush();
    expect((await changesOf(audited)).slice(2)).toEqual([
      ['update', { counter: 1 }, { counter: 2 }],
      ['update', { counter: 2 }, { counter: 4 }],
    ]);
  });

  it('is recorded by its result when it creates', async () => {
    const em = fork();
    em.create(Counted, { counter: raw('1 + 1') as never });
    await em.flush();
    expect(await changesOf(audited)).toEqual([['create', null, { id: 1, counter: 2, name: null }]]);
  });

  it('is recorded by its result next to a version column, and is known afterwards', async () => {
    const em = fork();
    const one = em.create(Filled, { name: 'a' });
    await em.flush();
    one.counter = raw('counter + 1') as never;
    await em.flush();
    one.counter = 20;
    await em.flush();
    expect(
      (await changesOf(audited)).slice(1).map(([, before, after]) => [before?.counter, after?.counter]),
    ).toEqual([
      [7, 8],
      [8, 20],
    ]);
  });

  it('is recorded by its result next to a version column in a batch', async () => {
    const em = fork();
    const rows = [1, 2].map((counter) => em.create(Filled, { name: 'a', counter }));
    await em.flush();
    for (const row of rows) {
      row.counter = raw('counter * 2') as never;
    }
    await em.flush();
    expect(
      (await changesOf(audited)).slice(2).map(([, before, after]) => [before?.counter, after?.counter]),
    ).toEqual([
      [1, 2],
      [2, 4],
    ]);
  });

  it('is known when the same EntityManager removes the entity', async () => {
    const em = fork();
    const one = em.create(Filled, { name: 'a' });
    await em.flush();
    one.counter = raw('counter + 1') as never;
    await em.flush();
    em.remove(one);
    await em.flush();
    expect((await changesOf(audited)).at(-1)).toEqual([
      'delete',
      { ...created, counter: 8, lock: 2, touched: 2 },
      null,
    ]);
  });

  it('that gives the same value is no change', async () => {
    const em = fork();
    const one = em.create(Counted, { counter: 1 });
    await em.flush();
    one.counter = raw('counter + 0') as never;
    await em.flush();
    expect(await changesOf(audited)).toHaveLength(1);
  });
});

describe('a lazy property', () => {
  it('is unknown before, and read, when it changes unloaded', async () => {
    const em = fork();
    em.create(Filled, { name: 'a', essay: 'long' });
    await em.flush();
    const other = fork();
    const one = await other.findOneOrFail(Filled, 1);
    expect(one.essay).toBeUndefined();
    one.essay = 'longer';
    await other.flush();
    expect((await changesOf(audited)).at(-1)).toMatchObject([
      'update',
      { essay: 'long' },
      { essay: 'longer' },
    ]);
  });

  it('does not appear when another property changes, and is in the last state', async () => {
    const em = fork();
    em.create(Filled, { name: 'a', essay: 'long' });
    await em.flush();
    const other = fork();
    const one = await other.findOneOrFail(Filled, 1);
    one.name = 'b';
    await other.flush();
    other.remove(one);
    await other.flush();
    const [, [, before, after] = [], [, last] = []] = await changesOf(audited);
    expect(before).not.toHaveProperty('essay');
    expect(after).not.toHaveProperty('essay');
    expect(last).toMatchObject({ essay: 'long' });
  });
});
