import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newWorkOrder, TestApp, type TestUser } from './test-app.js';

const user = ({ id, name }: TestUser) => ({ type: 'user', id, label: name });

describe('who acted, for whom and why', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start();
  });
  afterAll(() => app?.close());

  async function create(number: string, values: object = {}): Promise<number> {
    const body = { ...newWorkOrder(number), ...values };
    const { body: created } = await app.send(app.anna, 'post', '/work-orders').send(body).expect(201);
    return created.id as number;
  }
  const newest = async (id: number) => (await app.history(id, '?limit=1')).items[0];

  it('has the dispatcher as the actor, on behalf of the technician', async () => {
    const id = await create('WHO-1');
    await app
      .send(app.anna, 'patch', `/work-orders/${id}`)
      .set('x-on-behalf-of', 'tariq@maintenance.example')
      .send({ status: 'in-progress' })
      .expect(200);
    expect((await newest(id))?.revision).toMatchObject({
      actor: user(app.anna),
      onBehalfOf: user(app.tariq),
    });
  });

  it('denies that to a technician, which stays in the trail', async () => {
    const id = await create('WHO-2');
    await app
      .send(app.tariq, 'patch', `/work-orders/${id}`, 'denied-1')
      .set('x-on-behalf-of', 'anna@maintenance.example')
      .send({ price: '0.01' })
      .expect(403);
    const revisions = await app.query(
      "select actor_id, action, outcome, metadata from audit_change where correlation_id = 'denied-1'",
    );
    expect(revisions).toEqual([
      {
        actor_id: app.tariq.id,
        action: 'user.act-for',
        outcome: 'denied',
        metadata: { for: 'anna@maintenance.example' },
      },
    ]);
    expect(await newest(id)).toMatchObject({ operation: 'create' });
  });

  it('refuses to cancel without a reason, and changes nothing', async () => {
    const id = await create('WHO-3');
    const response = await app.send(app.boris, 'post', `/work-orders/${id}/cancel`).send({}).expect(400);
    expect(response.body.message).toContain('reason');
    const { body } = await app.send(app.boris, 'get', `/work-orders/${id}`);
    expect(body.status).toBe('open');
    expect(await newest(id)).toMatchObject({ operation: 'create' });
  });

  it.each([
    ['the header', { header: 'The customer has moved', body: {} }],
    ['the body', { header: null, body: { reason: 'The customer has moved' } }],
  ])('cancels with a reason from %s', async (where, { header, body }) => {
    const id = await create(where === 'the header' ? 'WHO-4' : 'WHO-5');
    const request = app.send(app.boris, 'post', `/work-orders/${id}/cancel`);
    if (header !== null) request.set('x-reason', header);
    await request.send(body).expect(200);
    expect(await newest(id)).toMatchObject({
      fields: expect.arrayContaining([{ path: 'status', before: 'open', after: 'cancelled' }]),
      revision: { actor: user(app.boris), action: 'work-order.cancel', reason: 'The customer has moved' },
    });
  });

  it('names the nightly job as the actor of the orders it closes, and leaves the rest alone', async () => {
    const overdue = await create('WHO-8', { scheduledAt: '2026-01-01T00:00:00Z' });
    const recent = await create('WHO-9', { scheduledAt: '2026-05-01T00:00:00Z' });
    expect(await app.closeOverdue(new Date('2026-05-02T00:00:00Z'))).toBe(1);
    expect((await newest(overdue))?.revision).toMatchObject({
      actor: { type: 'system', id: 'nightly-close', label: 'Nightly close' },
      action: 'work-order.close-overdue',
      reason: 'scheduled more than 90 days ago',
      origin: { source: 'schedule' },
      correlationId: null,
    });
    expect(await newest(recent)).toMatchObject({ operation: 'create' });
  });
});
