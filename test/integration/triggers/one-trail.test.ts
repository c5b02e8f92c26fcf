import { describe, expect, it } from '@jest/globals';
import type { EntityManager } from '@mikro-orm/postgresql';
import { CompiledQuery } from 'kysely';
import type { Actor } from 'nestjs-mikro-audit';
import { Order, orderEntities } from '../../support/fixtures/orders.js';
import { ordersOracle } from '../../support/fixtures/orders.oracle.js';
import { useAuditedApp } from '../../support/use-audited-app.js';
import { withTriggers } from '../../support/with-triggers.js';

const audited = useAuditedApp({
  entities: orderEntities,
  oracle: ordersOracle,
  orm: withTriggers(),
  verify: { folded: true },
  poolMax: 4,
});

const user = (id: string): Actor => ({ type: 'user', id, label: null });
const order = (title: string) => ({ title, price: '1.00', views: 0 });

describe('one transaction', () => {
  it('has before and after of the unit of work, native writes and triggers in turn', async () => {
    const { orm, context } = audited;
    await context.run({ actor: user('a') }, () =>
      orm.em.fork().transactional(async (em) => {
        const entity = em.create(Order, order('1'));
        await em.flush();
        await em.nativeUpdate(Order, { title: '1' }, { title: '2' });
        entity.title = '3';
        await em.flush();
        await em.execute(`update "order" set title = '4'`);
        entity.title = '5';
      }),
    );
    expect(await titles()).toEqual([
      [null, '1'],
      ['1', '2'],
      ['2', '3'],
      ['3', '4'],
      ['4', '5'],
    ]);
    expect(await revisions()).toEqual(['a 5']);
  });

  it('sees again what a native write has changed before its first flush', async () => {
    const { orm } = audited;
    await seed('1');
    const em = orm.em.fork();
    const entity = await em.findOneOrFail(Order, { title: '1' });
    await em.begin();
    await em.execute(`update "order" set title = '2'`);
    entity.title = '3';
    await em.commit();
    expect(await titles()).toEqual([
      [null, '1'],
      ['1', '2'],
      ['2', '3'],
    ]);
  });

  it('sees again what its own EntityManager has written outside any transaction', async () => {
    const { orm } = audited;
    await seed('1');
    const em = orm.em.fork();
    const entity = await em.findOneOrFail(Order, { title: '1' });
    await em.nativeUpdate(Order, { title: '1' }, { title: '2' });
    entity.title = '3';
    await em.flush();
    expect((await titles()).at(-1)).toEqual(['2', '3']);
  });

  it.each([
    ['SQL', (em: EntityManager) => em.execute(`update "order" set title = '2'`)],
    ['a query builder', (em: EntityManager) => em.createQueryBuilder(Order).update({ title: '2' }).execute()],
    [
      'Kysely',
      (em: EntityManager) => em.getKysely().executeQuery(CompiledQuery.raw(`update "order" set title = '2'`)),
    ],
  ])(
    'sees again what %s has written outside any transaction, by whatever EntityManager',
    async (_, write) => {
      const { orm } = audited;
      await seed('1');
      const em = orm.em.fork();
      const entity = await em.findOneOrFail(Order, { title: '1' });
      await write(orm.em.fork());
      entity.title = '3';
      await em.flush();
      expect((await titles()).at(-1)).toEqual(['2', '3']);
    },
  );

  it('keeps what a savepoint has written with a revision of its own making, and loses it with the savepoint', async () => {
    const { orm, context } = audited;
    await context.run({ actor: user('a') }, () =>
      orm.em.fork().transactional(async (em) => {
        await em
          .transactional(async (inner) => {
            await inner.insert(Order, order('lost'));
            throw new Error('back');
          })
          .catch(() => undefined);
        await em.transactional((inner) => inner.insert(Order, order('kept')));
        em.create(Order, order('flushed'));
      }),
    );
    expect(await titles()).toEqual([
      [null, 'kept'],
      [null, 'flushed'],
    ]);
    expect(await revisions()).toEqual(['a 2']);
  });

  it('has a revision for each turn of several actors, whoever writes how', async () => {
    const { orm, context } = audited;
    await orm.em.fork().transactional(async (em) => {
      await context.run({ actor: user('a') }, async () => {
        em.create(Order, order('1'));
        await em.flush();
      });
      await context.run({ actor: user('b') }, () => em.execute(`update "order" set title = '2'`));
      await context.run({ actor: user('a') }, async () => {
        await em.insert(Order, order('3'));
        em.create(Order, order('4'));
        await em.flush();
      });
    });
    expect(await revisions()).toEqual(['a 1', 'b 1', 'a 2']);
  });

  it('that MikroORM did not begin is one revision as well', async () => {
    const { orm, context } = audited;
    await context.run({ actor: user('a') }, () =>
      orm.em.getConnection().transactional(async (transaction) => {
        const em = orm.em.fork();
        em.setTransactionContext(transaction);
        em.create(Order, order('1'));
        await em.flush();
        await em.nativeUpdate(Order, { title: '1' }, { title: '2' });
        em.create(Order, order('3'));
        await em.flush();
      }),
    );
    expect(await revisions()).toEqual(['a 3']);
  });

  it('knows who has called a function that writes, and what came before it', async () => {
    const { orm, context } = audited;
    await seed('1');
    await orm.em
      .fork()
      .execute(
        `create or replace function rename_orders(name text) returns void language sql as $$ update "order" set title = name $$`,
      );
    await context.run({ actor: user('a') }, () =>
      orm.em.fork().transactional(async (em) => {
        (await em.findOneOrFail(Order, { title: '1' })).title = '2';
        await em.flush();
        await em.execute(`select rename_orders('3')`);
      }),
    );
    expect((await titles()).slice(1)).toEqual([
      ['1', '2'],
      ['2', '3'],
    ]);
    expect((await revisions()).at(-1)).toBe('a 2');
  });

  it('has savepoints of its own, of which what is undone leaves no trace, and the rest stays', async () => {
    const { orm } = audited;
    await orm.em.fork().transactional(async (em) => {
      em.create(Order, order('kept'));
      await em.flush();
      await em.execute('savepoint one');
      await em.execute(`update "order" set title = 'lost'`);
      em.create(Order, order('undone'));
      await em.flush();
      await em.execute('rollback to savepoint one');
      await em.insert(Order, order('after'));
    });
    expect(await titles()).toEqual([
      [null, 'kept'],
      [null, 'after'],
    ]);
  });

  it('in another one is another revision', async () => {
    const { orm, context } = audited;
    await context.run({ actor: user('a') }, () =>
      orm.em.fork().transactional(async (em) => {
        await em.insert(Order, order('outer'));
        const inner = orm.em.fork();
        await inner.insert(Order, order('inner'));
      }),
    );
    expect(await revisions()).toEqual(['a 1', 'a 1']);
  });
});

it('knows who acts in each of many parallel requests, with and without a transaction, on few connections', async () => {
  const { orm, context } = audited;
  const actors = Array.from({ length: 100 }, (_, index) => `actor ${index}`);
  await Promise.all(
    actors.map((id) =>
      context.run({ actor: user(id), reason: id }, async () => {
        const em = orm.em.fork();
        await em.insert(Order, order(id));
        await em.transactional((inner) => inner.nativeUpdate(Order, { title: id }, { note: 'n' }));
      }),
    ),
  );
  const rows = await orm.em
    .fork()
    .execute<{ id: string; n: number }[]>(
      `select actor_id as id, count(*)::int as n from audit_change where reason = actor_id group by 1`,
    );
  expect(rows.map(({ id, n }) => `${id}: ${n}`).sort()).toEqual(actors.map((id) => `${id}: 2`).sort());
});

async function seed(title: string): Promise<void> {
  const em = audited.orm.em.fork();
  em.create(Order, order(title));
  await em.flush();
}

async function titles(): Promise<readonly unknown[]> {
  const rows = await audited.orm.em
    .fork()
    .execute<{ was: unknown; now: unknown }[]>(
      `select before ->> 'title' as was, after ->> 'title' as now from audit_change where entity_type = 'order' order by id`,
    );
  return rows.map(({ was, now }) => [was, now]);
}

/** Who, and how many changes. */
async function revisions(): Promise<readonly string[]> {
  const rows = await audited.orm.em
    .fork()
    .execute<{ text: string }[]>(
      `select min(actor_id) || ' ' || count(*) as text from audit_change group by coalesce(revision_id, id) order by coalesce(revision_id, id)`,
    );
  return rows.map(({ text }) => text);
}
