import { beforeEach, describe, expect, it } from '@jest/globals';
import { UniqueConstraintViolationException } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { AuditWriteError } from 'nestjs-mikro-audit';
import { Order, orderEntities, Tag } from '../../support/fixtures/orders.js';
import { ordersOracle } from '../../support/fixtures/orders.oracle.js';
import { isAuditWrite } from '../../support/statement-log.js';
import { trailOf } from '../../support/trail.js';
import { useAuditedApp } from '../../support/use-audited-app.js';

const audited = useAuditedApp({ entities: orderEntities, oracle: ordersOracle, poolMax: 1 });

beforeEach(async () => {
  const em = fork();
  em.create(Tag, { name: 'taken' });
  await em.flush();
  audited.statements.take();
});

const fork = (): EntityManager => audited.orm.em.fork() as EntityManager;

const TAKEN_ONLY = [['Tag', '1', 'create']];

describe('a business statement that fails', () => {
  it('fails the flush with its own error and leaves no audit row', async () => {
    const em = fork();
    em.create(Order, { title: 'a', price: '1.50', views: 0 });
    em.create(Tag, { name: 'taken' });
    await expect(em.flush()).rejects.toThrow(UniqueConstraintViolationException);
    expect(audited.statements.take().some(isAuditWrite)).toBe(false);
    expect(await trailOf(audited)).toEqual(TAKEN_ONLY);
  });

  it('puts nothing of itself into the next flush of the same EntityManager', async () => {
    const em = fork();
    em.create(Tag, { name: 'taken' });
    await expect(em.flush()).rejects.toThrow(UniqueConstraintViolationException);
    em.clear();
    em.create(Order, { title: 'a', price: '1.50', views: 0 });
    await em.flush();
    expect(await trailOf(audited)).toEqual([...TAKEN_ONLY, ['order', '1', 'create']]);
  });

  it('leaves an EntityManager that goes on without em.clear() as it is without auditing', async () => {
    const em = fork();
    const tag = em.create(Tag, { name: 'taken' });
    await expect(em.flush()).rejects.toThrow(UniqueConstraintViolationException);
    tag.name = 'free';
    em.create(Tag, { name: 'other' });
    await em.flush();
    // MikroORM has forgotten the first tag. The trail must say what the table says.
    const names = (await fork().findAll(Tag, { orderBy: { id: 1 } })).map(({ name }) => name);
    expect(names).toContain('other');
    expect(await trailOf(audited)).toHaveLength(names.length);
  });

  it('undoes the earlier statements of the transaction', async () => {
    const outcome = fork().transactional(async (em) => {
      em.create(Order, { title: 'a', price: '1.50', views: 0 });
      await em.flush();
      em.create(Tag, { name: 'taken' });
    });
    await expect(outcome).rejects.toThrow(UniqueConstraintViolationException);
    expect(await trailOf(audited)).toEqual(TAKEN_ONLY);
  });

  it('undoes only the savepoint it happened in', async () => {
    await fork().transactional(async (em) => {
      em.create(Order, { title: 'kept', price: '1.50', views: 0 });
      await em.flush();
      const inner = em.transactional((nested) => {
        nested.create(Order, { title: 'dropped', price: '1.50', views: 0 });
        nested.create(Tag, { name: 'taken' });
      });
      await expect(inner).rejects.toThrow(UniqueConstraintViolationException);
    });
    expect(await trailOf(audited)).toEqual([...TAKEN_ONLY, ['order', '1', 'create']]);
  });

  it('in em.begin leaves nothing after em.rollback, and the EntityManager goes on', async () => {
    const em = fork();
    await em.begin();
    em.create(Tag, { name: 'taken' });
    await expect(em.flush()).rejects.toThrow(UniqueConstraintViolationException);
    await em.rollback();
    em.clear();
    await em.begin();
    em.create(Tag, { name: 'free' });
    await em.commit();
    expect(await trailOf(audited)).toHaveLength(2);
  });

  it('at the commit (a deferred constraint) takes the audit rows with it', async () => {
    const connection = audited.orm.em.getConnection();
    await connection.execute(
      `create function late() returns trigger language plpgsql as
         $$ begin if new.title = 'late' then raise exception 'too late'; end if; return null; end $$;
       create constraint trigger late after insert on "order" deferrable initially deferred
         for each row execute function late()`,
    );
    try {
      const em = fork();
      em.create(Order, { title: 'late', price: '1.50', views: 0 });
      await expect(em.flush()).rejects.toThrow('too late');
    } finally {
      await connection.execute('drop function late() cascade');
    }
    expect(audited.statements.take().some(isAuditWrite)).toBe(true);
    expect(await trailOf(audited)).toEqual(TAKEN_ONLY);
  });
});

describe('a statement timeout', () => {
  it('in a business statement rolls everything back', async () => {
    const outcome = fork().transactional(async (em) => {
      em.create(Order, { title: 'a', price: '1.50', views: 0 });
      await em.flush();
      await em.execute("set local statement_timeout = '20ms'");
      await em.execute('select pg_sleep(5)');
    });
    await expect(outcome).rejects.toThrow(/statement timeout/);
    expect(await trailOf(audited)).toEqual(TAKEN_ONLY);
  });

  it('in the audit statement itself, which waits for a lock, rolls everything back', async () => {
    const em = fork();
    const outcome = em.transactional(async (inner) => {
      inner.create(Order, { title: 'a', price: '1.50', views: 0 });
      await inner.flush();
      await inner.execute(
        `create function slow() returns trigger language plpgsql as
           $$ begin perform pg_sleep(5); return new; end $$;
         create trigger slow before insert on audit_change for each row execute function slow()`,
      );
      await inner.execute("set local statement_timeout = '50ms'");
    });
    const error: unknown = await outcome.catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(AuditWriteError);
    expect((error as AuditWriteError).cause).toMatchObject({ code: '57014' });
    expect(await trailOf(audited)).toEqual(TAKEN_ONLY);
  });
});
