import { describe, expect, it } from '@jest/globals';
import { type EntityManager, MikroORM as MikroOrm } from '@mikro-orm/core';
import { MikroOrmModule } from '@mikro-orm/nestjs';
import { Test } from '@nestjs/testing';
import { AuditConfigurationError, AuditModule, AuditWriteError } from 'nestjs-mikro-audit';
import { createTestDatabase } from '../../support/database.js';
import { Order, orderEntities } from '../../support/fixtures/orders.js';
import { createTestOrm, testOrmOptions } from '../../support/orm.js';
import { RoundTripProxy } from '../../support/round-trip-proxy.js';
import { isAuditWrite, StatementLog } from '../../support/statement-log.js';
import { revisionCount } from '../../support/trail.js';
import { useAuditedApp } from '../../support/use-audited-app.js';

const statements = new StatementLog();

const pipelined = { ...statements.driverOptions, pipeline: true };

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
        ...(mode === 'unaudited' ? [] : [AuditModule.forRoot({ sendWithCommit, sequencer: false })]),
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
      AuditModule.forRoot({ sendWithCommit: true, sequencer: false }),
    ],
  }).compile();
  await expect(boot).rejects.toThrow(AuditConfigurationError);
  await expect(boot).rejects.toThrow(/pipeline: true/);
  await database.drop();
});
