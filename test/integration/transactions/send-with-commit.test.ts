import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  type EntityManager,
  type EventArgs,
  type EventSubscriber,
  MikroORM as MikroOrm,
  type TransactionEventArgs,
} from '@mikro-orm/core';
import { MikroOrmModule } from '@mikro-orm/nestjs';
import { Test } from '@nestjs/testing';
import { AuditConfigurationError, AuditModule, AuditWriteError } from 'nestjs-mikro-audit';
import { createTestDatabase } from '../../support/database.js';
import { Order, orderEntities, Tag } from '../../support/fixtures/orders.js';
import { ordersOracle } from '../../support/fixtures/orders.oracle.js';
import { createTestOrm, testOrmOptions } from '../../support/orm.js';
import { RoundTripProxy } from '../../support/round-trip-proxy.js';
import { isAuditWrite, StatementLog } from '../../support/statement-log.js';
import { revisionCount, trailOf } from '../../support/trail.js';
import { useAuditedApp } from '../../support/use-audited-app.js';

const statements = new StatementLog();
const pipelined = { ...statements.driverOptions, pipeline: true };

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

  it('what a later listener still flushes before the commit is of the same revision', async () => {
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

  it('refuses an update and a delete of what another transaction has deleted', async () => {
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

describe('very large changes', () => {
  const MEBIBYTE = 1_024 * 1_024;
  const app = useAuditedApp({
    entities: orderEntities,
    // It would compare tens of megabytes.
    oracle: { entities: [] },
    options: { sendWithCommit: true, maxValueBytes: 4 * MEBIBYTE },
    orm: { driverOptions: pipelined },
    clear: false,
    verify: false,
  });

  /** More than 16 Mi characters. */
  const large = (em: EntityManager) => {
    for (let index = 0; index < 9; index++) {
      em.create(Order, { title: 'large', note: 'x'.repeat(2 * MEBIBYTE), price: '1.00', views: 0 });
    }
  };
  const changes = async () => {
    const [row]: { count: number }[] = await app.orm.em
      .getConnection()
      .execute('select count(*)::int from audit_change');
    return row?.count;
  };

  it('take several statements, of which the last one travels with the COMMIT', async () => {
    const em = app.orm.em.fork();
    large(em);
    statements.take();
    await em.flush();
    expect(statements.take().filter(isAuditWrite)).toHaveLength(2);
    expect(await revisionCount(app)).toBe(1);
    expect(await changes()).toBe(9);
  });

  it.each(['first', 'last'])('leave nothing when the %s statement is refused', async (refused) => {
    const connection = app.orm.em.getConnection();
    const before = [await revisionCount(app), await changes()];
    await connection.execute(
      `alter table audit_change add constraint broken check (after ->> 'title' <> 'refused') not valid`,
    );
    try {
      const em = app.orm.em.fork();
      const refuse = () => em.create(Order, { title: 'refused', price: '1.00', views: 0 });
      if (refused === 'first') {
        refuse();
      }
      large(em);
      if (refused === 'last') {
        refuse();
      }
      await expect(em.flush()).rejects.toThrow(AuditWriteError);
    } finally {
      await connection.execute('alter table audit_change drop constraint broken');
    }
    expect([await revisionCount(app), await changes()]).toEqual(before);
    expect(await app.orm.em.fork().count(Order, { title: 'refused' })).toBe(0);
  });
});

it('adds no round trip to a flush', async () => {
  const database = await createTestDatabase();
  const { hostname, port } = new URL(database.url);
  const proxy = await RoundTripProxy.start({ host: hostname, port: Number(port || 5432) });
  const through = new URL(database.url);
  through.host = `127.0.0.1:${proxy.port}`;
  const trips: Record<string, number> = {};
  const plain = await createTestOrm({ url: database.url, entities: orderEntities });
  await plain.close(true);
  for (const mode of ['unaudited', 'audited', 'sent with the commit'] as const) {
    const sendWithCommit = mode === 'sent with the commit';
    const module = await Test.createTestingModule({
      imports: [
        MikroOrmModule.forRoot(
          testOrmOptions({
            url: through.href,
            entities: orderEntities,
            poolMax: 1,
            orm: { driverOptions: { pipeline: sendWithCommit } },
          }),
        ),
        ...(mode === 'unaudited' ? [] : [AuditModule.forRoot({ sendWithCommit })]),
      ],
    }).compile();
    const testApp = await module.init();
    const em = testApp.get(MikroOrm).em.fork();
    const order = em.create(Order, { title: mode, price: '1.00', views: 0 });
    await em.flush();
    order.title = `${mode}!`;
    proxy.take();
    await em.flush();
    trips[mode] = proxy.take();
    await testApp.close();
  }
  await proxy.stop();
  await database.drop();
  expect(trips).toEqual({ unaudited: 3, audited: 4, 'sent with the commit': 3 });
});

it('is refused at boot without connections that can do it', async () => {
  const database = await createTestDatabase();
  const boot = Test.createTestingModule({
    imports: [
      MikroOrmModule.forRoot(testOrmOptions({ url: database.url, entities: orderEntities })),
      AuditModule.forRoot({ sendWithCommit: true }),
    ],
  }).compile();
  await expect(boot).rejects.toThrow(AuditConfigurationError);
  await expect(boot).rejects.toThrow(/pipeline: true/);
  await database.drop();
});
