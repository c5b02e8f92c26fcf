import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { RequestContext } from '@mikro-orm/core';
import type { EntityManager, Options } from '@mikro-orm/postgresql';
import { Logger } from '@nestjs/common';
import { AuditPostgreSqlDriver, auditPolicy, UnrecordedWriteError } from 'nestjs-mikro-audit';
import { createAuditedApp } from '../../support/audited-app.js';
import { trailOf } from '../../support/trail.js';
import { useAuditedApp } from '../../support/use-audited-app.js';
import { Bill, Clerk, Counter, Draft, Ferry, Line, Stamp, Vessel } from './bills.js';

const warnings: string[] = [];

beforeEach(() => {
  warnings.length = 0;
  jest.spyOn(Logger.prototype, 'warn').mockImplementation((message: unknown) => {
    warnings.push(String(message));
  });
});
afterEach(() => {
  jest.restoreAllMocks();
});

/** By an EntityManager of another schema. */
const MOVED: Readonly<Record<string, (em: EntityManager) => Promise<unknown>>> = {
  'nativeUpdate()': (em) => em.nativeUpdate(Line, { id: 1 }, { bill: null }),
  'execute() in its context': (em) =>
    RequestContext.create(em, () => em.execute('update moved.line set bill_id = null')),
};

describe('a write outside the unit of work', () => {
  const audited = useAuditedApp({
    entities: [Bill, Line, Stamp, Clerk, Counter, Draft, Vessel, Ferry],
    orm: { driver: AuditPostgreSqlDriver },
    // These writes leave no trace, which is what this is about.
    verify: false,
  });
  const fork = () => audited.orm.em.fork() as EntityManager;

  const ways: Readonly<Record<string, (em: EntityManager) => Promise<unknown>>> = {
    'insert()': async (em) => await em.insert(Bill, { id: 9, title: 'x' }),
    'insert(entity)': async (em) =>
      await em.insert(em.create(Bill, { id: 9, title: 'x' }, { persist: false })),
    'insertMany()': async (em) =>
      await em.insertMany(
        Bill,
        [8, 9].map((id) => ({ id, title: 'x' })),
      ),
    'upsert()': async (em) => await em.upsert(Bill, { id: 9, title: 'x' }),
    'upsertMany()': async (em) =>
      await em.upsertMany(
        Bill,
        [8, 9].map((id) => ({ id, title: 'x' })),
      ),
    'nativeUpdate()': async (em) => await em.nativeUpdate(Bill, { id: 100 }, { title: 'x' }),
    'nativeDelete()': async (em) => await em.nativeDelete(Bill, { id: 100 }),
    'nativeDelete() of several': async (em) => await em.nativeDelete(Bill, { id: { $in: [1, 2] } }),
    'clone()': async (em) => await em.clone(Bill, { id: 100 }),
    'a query builder': async (em) =>
      await em.createQueryBuilder(Bill).update({ title: 'x' }).where({ id: 100 }).execute(),
    'execute()': async (em) => await em.execute(`update bill set title = 'secret' where id = 100`),
    Kysely: async (em) =>
      await em
        .getKysely()
        .updateTable('bill' as never)
        .set({ title: 'x' } as never)
        .execute(),
    'SQL on a link table': async (em) => await em.execute('delete from bill_clerks'),
    'a common table expression': async (em) =>
      await em.execute('with d as (delete from bill returning *) select * from d'),
    'nativeUpdate() in a transaction': async (em) =>
      await em.transactional(async (own) => await own.nativeUpdate(Bill, 100, { title: 'x' })),
  };

  it.each(Object.entries(ways))('by %s is named in the log, with the place of the code', async (_, write) => {
    const em = fork();
    em.create(Bill, { id: 100, title: 'a' });
    await em.flush();
    expect(warnings).toEqual([]);
    await write(fork());
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/^Bill is written without a trace: .*unrecorded-writes\.test\.ts:\d+:\d+/);
    expect(warnings[0]).not.toContain('secret');
  });

  it.each(Object.keys(MOVED))('is named in the schema of an EntityManager: by %s', async (way) => {
    const em = audited.orm.em.fork({ schema: 'moved' });
    await em.execute('create schema moved; create table moved.line (like line including all)');
    try {
      await MOVED[way]?.(em as EntityManager);
      expect(warnings).toEqual([expect.stringMatching(/^Line is written without a trace: /)]);
    } finally {
      await em.execute('drop schema moved cascade');
    }
  });

  it('is named once for each place', async () => {
    for (const title of ['a', 'b']) {
      await fork().nativeUpdate(Bill, { id: 1 }, { title });
    }
    expect(warnings).toHaveLength(1);
  });

  it('that is refused is not sent', async () => {
    const em = fork();
    em.create(Clerk, { id: 1, name: 'Ada' });
    await em.flush();
    const kysely = fork().getKysely();
    for (const write of [
      () => fork().nativeUpdate(Clerk, 1, { name: 'Eve' }),
      () => fork().execute('truncate clerk cascade'),
      () => kysely.deleteFrom('clerk' as never).execute(),
      () => fork().execute(`update vessel set name = 'x'`),
      () => fork().transactional((own) => own.nativeDelete(Clerk, 1)),
    ]) {
      const error = await write().catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(UnrecordedWriteError);
      expect(error).toMatchObject({
        code: 'AUDIT_UNRECORDED_WRITE',
        data: { entityType: expect.stringMatching(/^(?:Clerk|Ferry)$/) },
      });
    }
    expect(await fork().find(Clerk, {})).toMatchObject([{ id: 1, name: 'Ada' }]);
    expect(warnings).toEqual([]);
  });

  it('is not mentioned where it is allowed, or the table is not audited', async () => {
    await fork().insert(Counter, { id: 1, count: 0 });
    await fork().insert(Draft, { id: 1 });
    await fork().find(Bill, {});
    expect(warnings).toEqual([]);
  });

  it('is part of the suspension in which it happens', async () => {
    await audited.context.withoutAuditing({ reason: 'Import' }, () =>
      fork().insert(Clerk, { id: 5, name: 'Eve' }),
    );
    const { items } = await audited.reader.revisions({ limit: 1 });
    expect(items[0]).toMatchObject({ action: 'audit.resume', metadata: { unaudited: { Clerk: 1 } } });
    expect(warnings).toEqual([]);
  });

  it('out of a hook of a flush is told from the flush', async () => {
    const em = fork();
    em.getEventManager().registerSubscriber({
      afterCreate: ({ em: own }) =>
        own.nativeUpdate(Bill, { id: 1 }, { title: 'hooked' }).then(() => undefined),
    });
    em.create(Bill, { id: 1, title: 'a' });
    await em.flush();
    expect(warnings).toHaveLength(1);
  });
});

describe('when the app starts', () => {
  const policies = [auditPolicy(Draft)];
  const lines: string[] = [];
  const start = async (orm: Options) => {
    lines.length = 0;
    jest.spyOn(Logger.prototype, 'log').mockImplementation((line: unknown) => {
      lines.push(String(line));
    });
    const app = await createAuditedApp({ entities: [Clerk, Counter, Draft], options: { policies }, orm });
    await app.close();
  };

  it('the log tells how many entities have which rule', async () => {
    await start({ driver: AuditPostgreSqlDriver });
    expect(lines).toContain(
      'The unit of work of "default" audits 3 entities. Other writes to them are noticed: refuse 1, warn 1, allow 1.',
    );
    expect(warnings).toEqual([]);
  });

  it('the log warns that nothing is noticed with the driver of MikroORM', async () => {
    const app = await createAuditedApp({ entities: [Draft], options: { policies } });
    await app.close();
    expect(warnings).toEqual([
      'The unit of work of "default" audits 1 entity. Other writes to them leave no trace and go unnoticed; driver: AuditPostgreSqlDriver notices them.',
    ]);
  });
});

describe('a flush', () => {
  const audited = useAuditedApp({
    entities: [Bill, Line, Stamp, Clerk, Counter, Draft],
    options: { unrecordedWrites: 'refuse' },
    orm: { driver: AuditPostgreSqlDriver },
  });

  it('is never taken for a write outside the unit of work', async () => {
    const em = audited.orm.em.fork();
    const clerks = [1, 2, 3].map((id) => em.create(Clerk, { id, name: 'a' }));
    const bills = [1, 2].map((id) => em.create(Bill, { id, title: 'a', clerks }));
    em.create(Counter, { id: 1, count: 0 });
    await em.flush();
    for (const bill of bills) {
      bill.title = 'b';
      bill.clerks.remove(clerks.slice(0, 1));
    }
    await em.flush();
    for (const bill of bills) {
      bill.clerks.set(clerks);
    }
    await em.flush();
    const other = audited.orm.em.fork();
    (await other.findOneOrFail(Bill, 1)).clerks.removeAll();
    await other.flush();
    await em.transactional(async (own) => {
      own.remove(await own.findOneOrFail(Bill, 1, { populate: ['clerks'] }));
      await own.transactional(async (inner) => {
        inner.remove(await inner.find(Clerk, [1, 2]));
      });
    });
    expect((await trailOf(audited)).length).toBeGreaterThan(10);
    expect(warnings).toEqual([]);
  });

  it('is not either where MikroORM sends one statement for a list that is not loaded', async () => {
    const em = audited.orm.em.fork();
    const bill = em.create(Bill, { id: 1, title: 'a' });
    for (const id of [1, 2]) {
      em.create(Line, { id, bill });
      em.create(Stamp, { id, bill });
    }
    await em.flush();
    const other = audited.orm.em.fork();
    const same = await other.findOneOrFail(Bill, 1);
    same.lines.set([other.getReference(Line, 2)]);
    same.stamps.removeAll();
    await other.flush();
    expect(await other.fork().find(Line, { bill: 1 })).toMatchObject([{ id: 2 }]);
    expect(await other.fork().count(Stamp)).toBe(0);
    expect(warnings).toEqual([]);
  });
});
