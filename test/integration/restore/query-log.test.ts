import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type AuditedApp, createAuditedApp } from '../../support/audited-app.js';
import { mailOrder, mailOrderOracle, Order } from '../../support/fixtures/mail-order.js';

const CANARY = 'CANARY@example.org';
const logged: string[] = [];
let audited: AuditedApp;

beforeAll(async () => {
  audited = await createAuditedApp({
    entities: mailOrder,
    oracle: mailOrderOracle,
    orm: { debug: ['query', 'query-params'], logger: (line) => logged.push(line) },
  });
});
afterAll(() => audited?.close());

it('shows no value of the trail when unique ones are looked for', async () => {
  const em = audited.orm.em.fork();
  const order = em.create(Order, { title: 'x', email: CANARY });
  await em.flush();
  const { id } = order;
  await em.remove(order).flush();
  const other = audited.orm.em.fork();
  other.create(Order, { title: 'y', email: CANARY });
  await other.flush();
  logged.length = 0;
  const plan = await audited.restorer.planUndelete(Order, id);
  expect(plan.conflicts).toContainEqual(expect.objectContaining({ kind: 'unique-taken', paths: ['email'] }));
  expect(logged.filter((line) => line.includes(CANARY))).toEqual([]);
});
