import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type EventArgs, type EventSubscriber, type TransactionEventArgs } from '@mikro-orm/core';
import { AuditWriteError } from 'nestjs-mikro-audit';
import type pg from 'pg';
import type { Pool } from 'pg';
import { Order, orderEntities, Tag } from '../../support/fixtures/orders.js';
import { ordersOracle } from '../../support/fixtures/orders.oracle.js';
import { StatementLog } from '../../support/statement-log.js';
import { revisionCount, trailOf } from '../../support/trail.js';
import { useAuditedApp } from '../../support/use-audited-app.js';

const statements = new StatementLog();

/** Of the `pg` that MikroORM has installed. */
let Query: typeof pg.Query | undefined;

const pipelined = {
  pipeline: true,
  onPoolCreated(pool: Pool) {
    statements.driverOptions.onPoolCreated(pool);
    pool.on('connect', (client) => {
      ({ Query } = client.constructor as unknown as { readonly Query: typeof pg.Query });
    });
  },
};

/** Flushes an order in the transaction that has created a tag with the name `late`, when everybody else is done. */
class LateFlush implements EventSubscriber {
  private readonly late = new WeakSet<object>();

  afterCreate({ entity, em }: EventArgs<object>): void {
    const transaction = em.getTransactionContext<object>();
    if (entity instanceof Tag && entity.name === 'late' && transaction) {
      this.late.add(transaction);
    }
  }

  async beforeTransactionCommit({ em, transaction }: TransactionEventArgs): Promise<void> {
    if (transaction && this.late.delete(transaction)) {
      const late = em.fork();
      late.setTransactionContext(transaction);
      late.create(Order, { title: 'late', price: '1.00', views: 0 });
      await late.flush();
    }
  }
}

describe('the audit statement travels with the COMMIT', () => {
  const app = useAuditedApp({
    entities: orderEntities,
    oracle: ordersOracle,
    options: { sendWithCommit: true },
    orm: { driverOptions: pipelined },
  });

  beforeEach(async () => {
    statements.take();
  });

  const breakTrail = () =>
    app.orm.em
      .getConnection()
      .execute(`alter table audit_change add constraint broken check (entity_type <> 'Tag') not valid`);
  const mendTrail = () =>
    app.orm.em.getConnection().execute('alter table audit_change drop constraint broken');

  it('in implicit, explicit and nested transactions', async () => {
    const em = app.orm.em.fork();
    const order = em.create(Order, { title: 'a', price: '1.00', views: 0 });
    await em.flush();
    await em.transactional(async (outer) => {
      order.title = 'b';
      await outer.transactional(async (inner) => void inner.create(Tag, { name: 'x' }));
      await outer
        .transactional(async (inner) => {
          inner.create(Tag, { name: 'y' });
          await inner.flush();
          throw new Error('undo');
        })
        .catch(() => undefined);
    });
    expect((await trailOf(app)).map(([type, , operation]) => `${type} ${operation}`)).toEqual([
      'order create',
      'Tag create',
      'order update',
    ]);
  });

  it('a flush by a later listener, before the commit, joins the same revision', async () => {
    app.orm.em.getEventManager().registerSubscriber(new LateFlush());
    await app.orm.em.fork().transactional(async (em) => {
      em.create(Tag, { name: 'late' });
    });
    expect((await trailOf(app)).map(([type, , operation]) => `${type} ${operation}`)).toEqual([
      'Tag create',
      'order create',
    ]);
    expect(await revisionCount(app)).toBe(1);
  });

  it('a refused statement rejects the flush and leaves no row', async () => {
    await breakTrail();
    try {
      for (const work of [
        () => {
          const em = app.orm.em.fork();
          em.create(Tag, { name: 'implicit' });
          return em.flush();
        },
        () => app.orm.em.fork().transactional(async (em) => void em.create(Tag, { name: 'explicit' })),
        async () => {
          const em = app.orm.em.fork();
          await em.begin();
          em.create(Tag, { name: 'by hand' });
          await em.commit();
        },
      ]) {
        await expect(work()).rejects.toThrow(AuditWriteError);
      }
      expect(await app.orm.em.fork().count(Tag)).toBe(0);
      expect(await revisionCount(app)).toBe(0);
    } finally {
      await mendTrail();
    }
    const em = app.orm.em.fork();
    em.create(Tag, { name: 'afterwards' });
    await em.flush();
    expect(await trailOf(app)).toHaveLength(1);
  });

  it('commits nothing when the statement fails before it is sent', async () => {
    const { submit } = connectedQuery();
    // The driver does so when it cannot encode the parameters.
    const failing = jest.spyOn(connectedQuery(), 'submit').mockImplementation(function (
      this: pg.Query,
      connection,
    ) {
      const { name } = this as { readonly name?: string };
      return name?.startsWith('audit_write')
        ? new Error('never sent')
        : Reflect.apply(submit, this, [connection]);
    });
    try {
      const em = app.orm.em.fork();
      em.create(Tag, { name: 'implicit' });
      await expect(em.flush()).rejects.toThrow(/AUDIT_WRITE_FAILED.*never sent/);
      const explicit = app.orm.em
        .fork()
        .transactional(async (inner) => void inner.create(Tag, { name: 'explicit' }));
      await expect(explicit).rejects.toThrow(/AUDIT_WRITE_FAILED.*never sent/);
    } finally {
      failing.mockRestore();
    }
    expect(await app.orm.em.fork().count(Tag)).toBe(0);
    expect(await revisionCount(app)).toBe(0);
  });

  it('refuses an update and a delete of a row that another transaction has deleted', async () => {
    const em = app.orm.em.fork();
    const [one, two] = [em.create(Tag, { name: 'one' }), em.create(Tag, { name: 'two' })];
    await em.flush();
    const [stale, other] = [app.orm.em.fork(), app.orm.em.fork()];
    const tag = await stale.findOneOrFail(Tag, one.id);
    other.remove(await other.findOneOrFail(Tag, one.id));
    await other.flush();
    tag.name = 'too late';
    await expect(stale.flush()).rejects.toThrow(/the trail says that Tag 1 is deleted/);
    expect(await app.orm.em.fork().count(Tag, { id: two.id })).toBe(1);
  });

  it('under concurrency', async () => {
    await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const em = app.orm.em.fork();
        em.create(Tag, { name: `tag ${index}` });
        await em.flush();
      }),
    );
    expect(await revisionCount(app)).toBe(50);
  });
});

function connectedQuery(): pg.Query {
  if (!Query) {
    throw new Error('There was no connection yet.');
  }
  return Query.prototype;
}
