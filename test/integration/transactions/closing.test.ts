import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { MikroORM } from '@mikro-orm/postgresql';
import { AuditPostgreSqlDriver } from 'nestjs-mikro-audit';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { orderEntities } from '../../support/fixtures/orders.js';
import { testOrmOptions } from '../../support/orm.js';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database?.drop());

it('an app closes while a connection is being opened, and what waits for that is answered', async () => {
  const orm = await MikroORM.init(
    testOrmOptions({ url: database.url, entities: orderEntities, orm: { driver: AuditPostgreSqlDriver } }),
  );
  const ask = () => orm.em.getConnection().execute('select 1 as one');
  await ask();
  // One has the connection that there is, for the others one each is being opened.
  const answers = Promise.all([ask(), ask(), ask()]);
  await setImmediate();
  await orm.close();
  expect(await answers).toEqual([[{ one: 1 }], [{ one: 1 }], [{ one: 1 }]]);
});
