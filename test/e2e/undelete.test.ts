import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newWorkOrder, TestApp } from './test-app.js';

describe('undeleting a work order', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start();
  });
  afterAll(() => app?.close());

  /** A work order with two tags and two line items, as the API shows it. */
  async function deleted(number: string) {
    const { body } = await app.send(app.anna, 'post', '/work-orders').send(newWorkOrder(number));
    const path = `/work-orders/${body.id}`;
    for (const tag of ['urgent', `of-${number.toLowerCase()}`]) {
      await app.send(app.anna, 'put', `${path}/tags/${tag}`).expect(200);
    }
    for (const description of ['Fan', 'Filter']) {
      const item = { description, quantity: 2, unitPrice: '10.00' };
      await app.send(app.anna, 'post', `${path}/line-items`).send(item).expect(201);
    }
    const { body: shown } = await app.send(app.anna, 'get', path).expect(200);
    await app.send(app.boris, 'delete', path).expect(204);
    return { id: body.id as number, path, shown };
  }

  it('shows the plan first, and then brings everything back as it was', async () => {
    const { id, path, shown } = await deleted('WO-501');
    const { body: plan } = await app.send(app.anna, 'get', `${path}/undelete`).expect(200);
    expect(plan).toMatchObject({
      blocked: false,
      steps: [
        { entityType: 'work-order', entityId: String(id), operation: 'create', values: { number: 'WO-501' } },
        { entityType: 'line-item', operation: 'create', values: { description: 'Fan' } },
        { entityType: 'line-item', operation: 'create', values: { description: 'Filter' } },
      ],
    });
    await app.send(app.anna, 'get', path).expect(404);
    const { body: restored } = await app
      .send(app.anna, 'post', `${path}/undelete`)
      .send({ token: plan.token, reason: 'Deleted by mistake' })
      .expect(200);
    expect(restored).toEqual(shown);
    const { items } = await app.history(id, '?limit=2');
    expect(
      items.map(({ operation, revision }) => [operation, revision.actor.label, revision.reason]),
    ).toEqual([
      ['create', 'Anna Berg', 'Deleted by mistake'],
      ['delete', 'Boris Lind', null],
    ]);
    await app
      .send(app.anna, 'post', `${path}/undelete`)
      .send({ token: plan.token, reason: 'Once more' })
      .expect(409);
  });

  it('refuses a plan that something has changed since', async () => {
    const { path } = await deleted('WO-502');
    const { body: plan } = await app.send(app.anna, 'get', `${path}/undelete`).expect(200);
    const other = await app.send(app.boris, 'post', '/work-orders').send(newWorkOrder('WO-502')).expect(201);
    const again = { token: plan.token, reason: 'Deleted by mistake' };
    await app.send(app.anna, 'post', `${path}/undelete`).send(again).expect(409);
    const { body: now } = await app.send(app.anna, 'get', `${path}/undelete`).expect(200);
    expect(now.blocked).toBe(true);
    expect(now.conflicts).toContainEqual({
      kind: 'unique-taken',
      severity: 'blocking',
      message: expect.stringContaining(`row ${other.body.id} has the value`),
    });
    const blocked = { token: now.token, reason: 'Deleted by mistake' };
    await app.send(app.anna, 'post', `${path}/undelete`).send(blocked).expect(409);
  });

  it('refuses a token of another plan, an invalid one, and an entity that is not deleted', async () => {
    const { path } = await deleted('WO-503');
    const { path: other } = await deleted('WO-504');
    const { body: plan } = await app.send(app.anna, 'get', `${path}/undelete`).expect(200);
    for (const token of [plan.token, 'nonsense']) {
      await app.send(app.anna, 'post', `${other}/undelete`).send({ token, reason: 'Why not' }).expect(400);
    }
    await app.send(app.anna, 'get', '/work-orders/1/undelete').expect(400);
    await app.send(null, 'get', `${path}/undelete`).expect(401);
  });
});
