import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type AuditedApp, createAuditedApp } from '../../support/audited-app.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { Order, SHOP_HASH_KEY, shop } from '../../support/fixtures/shop.js';

let replica: TestDatabase;
let shopApp: AuditedApp;

/** The stand-in for a replica: a database that has the tables and gets nothing of what is written. */
beforeAll(async () => {
  replica = await createTestDatabase();
  shopApp = await createAuditedApp({
    entities: shop,
    options: { hashKey: SHOP_HASH_KEY, readFrom: 'replica' },
    orm: { replicas: [{ clientUrl: replica.url }], preferReadReplicas: false },
  });
  const tables = await shopApp.orm.schema.getCreateSchemaSQL();
  await shopApp.orm.em.getConnection('read').executeDump(tables);
});
afterAll(async () => {
  await shopApp?.close();
  await replica?.drop();
});

it('answers from the replica, and in a transaction of the caller from where that is', async () => {
  const { reader, orm } = shopApp;
  const em = orm.em.fork();
  const order = em.create(Order, { title: 'First' });
  await em.flush();
  const questions = {
    history: () => reader.history(Order, order.id),
    changes: () => reader.changes(),
    revisions: () => reader.revisions(),
  };
  for (const [name, ask] of Object.entries(questions)) {
    expect([name, (await ask()).items.length]).toEqual([name, 0]);
  }
  expect(await reader.latest(Order, [order.id])).toEqual([null]);
  expect(await reader.revision('1')).toBeNull();
  expect(await reader.counts({ by: 'actor' })).toMatchObject({ groups: 0 });
  await orm.em.fork().transactional(async () => {
    expect((await reader.history(Order, order.id)).items).toHaveLength(1);
  });
});

it('plans restores from the primary', async () => {
  const { restorer, orm } = shopApp;
  const em = orm.em.fork();
  const order = em.create(Order, { title: 'First' });
  await em.flush();
  order.title = 'Second';
  await em.flush();
  await em.remove(order).flush();
  await restorer.apply(await restorer.planUndelete(Order, order.id));
  expect(await orm.em.fork().findOne(Order, order.id)).toMatchObject({ title: 'Second' });
});

it('says until when a replica has everything, and null for a primary', async () => {
  expect(await shopApp.reader.replicatedUntil()).toBeNull();
});
