import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CHANGES } from '../support/trail.js';
import { newWorkOrder, TestApp, type TestUser } from './test-app.js';

/** The life of one work order, step by step; every step looks at what the trail gained. */
describe('the trail of a work order', () => {
  let app: TestApp;
  let id: number;
  const actor = (user: TestUser) => ({ type: 'user', id: user.id, label: user.name });

  beforeAll(async () => {
    app = await TestApp.start();
  });
  afterAll(() => app?.close());

  const newest = async () => (await app.history(id, '?limit=1')).items[0];

  it('has the creation, with actor, request and all values', async () => {
    const response = await app.send(app.anna, 'post', '/work-orders', 'create-1').send(newWorkOrder('WO-7'));
    expect(response.status).toBe(201);
    id = response.body.id;
    const { items } = await app.history(id);
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({
      entityType: 'work-order',
      entityId: String(id),
      operation: 'create',
      before: null,
      after: {
        id,
        number: 'WO-7',
        status: 'open',
        priority: 'normal',
        price: '149.50',
        scheduledAt: '2027-03-01T07:30:00.000Z',
        customFields: { gate: 'B' },
        customer: 1,
        technician: null,
      },
      revision: {
        actor: actor(app.anna),
        correlationId: 'create-1',
        origin: {
          source: 'http',
          method: 'POST',
          route: '/work-orders',
          handler: 'WorkOrdersController.create',
          ip: '127.0.0.1',
          userAgent: 'e2e',
        },
      },
    });
    expect(items[0]?.after).not.toHaveProperty('updatedAt');
  });

  it('has a change of two fields by another user, and only these', async () => {
    const address = { street: '12 Quay Street', postalCode: '20457', city: 'Altona', country: 'DE' };
    const path = `/work-orders/${id}`;
    const response = await app.send(app.boris, 'patch', path, 'change-1').send({ price: '210', address });
    expect(response.status).toBe(200);
    const change = await newest();
    expect(change).toMatchObject({
      operation: 'update',
      revision: {
        actor: actor(app.boris),
        correlationId: 'change-1',
        origin: { method: 'PATCH', route: '/work-orders/:id', handler: 'WorkOrdersController.change' },
      },
    });
    expect(change?.fields).toHaveLength(2);
    expect(change?.fields).toEqual(
      expect.arrayContaining([
        { path: 'price', before: '149.50', after: '210.00' },
        { path: 'address.city', before: 'Hamburg', after: 'Altona' },
      ]),
    );
  });

  it('has nothing of a request that changes nothing', async () => {
    const before = await app.trailSize();
    const { customerId: _, ...same } = newWorkOrder('WO-7');
    const address = { street: '12 Quay Street', postalCode: '20457', city: 'Altona', country: 'DE' };
    const body = { ...same, price: '210.00', address };
    expect((await app.send(app.anna, 'patch', `/work-orders/${id}`).send(body)).status).toBe(200);
    expect(await app.trailSize()).toEqual(before);
  });

  it('has a tag, in one revision with the tag that had to be made for it', async () => {
    const response = await app.send(app.boris, 'put', `/work-orders/${id}/tags/roof`, 'tag-1');
    expect(response.body.tags).toEqual(['roof']);
    const change = await newest();
    const [tag] = await app.query<{ id: number }>("select id from tag where name = 'roof'");
    expect(change?.fields).toEqual([{ path: 'tags', after: [tag?.id], labels: { [tag?.id ?? '']: 'roof' } }]);
    const revision = await app.send(app.anna, 'get', `/audit/revisions/${change?.revision.id}`);
    expect(revision.body.changes).toHaveLength(2);
    expect(revision.body.changes).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ entityType: 'tag', operation: 'create' }),
        expect.objectContaining({ entityType: 'work-order', operation: 'update' }),
      ]),
    );
  });

  it('has the technician as a key', async () => {
    await app.send(app.anna, 'put', `/work-orders/${id}/technician`).send({ technicianId: 2 }).expect(200);
    expect((await newest())?.fields).toEqual([
      { path: 'technician', before: null, after: 2, labels: { 2: 'Wanda Moreau' } },
    ]);
  });

  it('has a line item as a part of the work order', async () => {
    const lineItem = { description: 'Fan EF-200', quantity: 1, unitPrice: '89.9' };
    const added = await app.send(app.anna, 'post', `/work-orders/${id}/line-items`, 'item-1').send(lineItem);
    expect(added.status).toBe(201);
    const [row] = await app.query(
      `select c.entity_type, c.operation, c.part_of_type, c.part_of_id, c.after->>'unitPrice' as price
         from ${CHANGES} c join audit_change r on r.id = c.of_revision where r.correlation_id = 'item-1'`,
    );
    expect(row).toEqual({
      entity_type: 'line-item',
      operation: 'create',
      part_of_type: 'work-order',
      part_of_id: String(id),
      price: '89.90',
    });
  });

  it('has the reason of closing', async () => {
    const body = { reason: 'Fan replaced, customer signed' };
    await app.send(app.boris, 'post', `/work-orders/${id}/close`).send(body).expect(200);
    const change = await newest();
    expect(change?.revision).toMatchObject({ action: 'work-order.close', reason: body.reason });
    expect(change?.fields).toHaveLength(2);
    expect(change?.fields).toContainEqual({ path: 'status', before: 'open', after: 'closed' });
  });

  it('has the last state of a deleted order, with its line items in the same revision', async () => {
    await app.send(app.anna, 'delete', `/work-orders/${id}`, 'delete-1').expect(204);
    await app.send(app.anna, 'get', `/work-orders/${id}`).expect(404);
    const change = await newest();
    expect(change).toMatchObject({
      operation: 'delete',
      after: null,
      before: { number: 'WO-7', status: 'closed', price: '210.00', technician: 2 },
      revision: { actor: actor(app.anna), correlationId: 'delete-1' },
    });
    const revision = await app.send(app.boris, 'get', `/audit/revisions/${change?.revision.id}`);
    expect(revision.body.changes).toContainEqual(
      expect.objectContaining({ entityType: 'line-item', operation: 'delete' }),
    );
  });

  it('has exactly these steps, newest first', async () => {
    const { items, nextCursor } = await app.history(id);
    expect(nextCursor).toBeNull();
    expect(items.map(({ operation, revision }) => [operation, revision.actor.label])).toEqual([
      ['delete', 'Anna Berg'],
      ['update', 'Boris Lind'],
      ['update', 'Anna Berg'],
      ['update', 'Boris Lind'],
      ['update', 'Boris Lind'],
      ['create', 'Anna Berg'],
    ]);
  });
});
