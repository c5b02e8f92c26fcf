import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newWorkOrder, TestApp } from './test-app.js';

describe('a failed request', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start();
  });
  afterAll(() => app?.close());

  /** Sends it as Anna and says what came back; fails when it left an audit row or a work order. */
  async function fail(
    method: 'post' | 'put' | 'patch' | 'delete',
    path: string,
    body: object = {},
  ): Promise<number> {
    const count = () => app.query('select count(*) from work_order');
    const before = [await app.trailSize(), await count()];
    const { status } = await app.send(app.anna, method, path).send(body);
    expect([await app.trailSize(), await count()]).toEqual(before);
    return status;
  }

  it.each([
    ['a missing title', { ...newWorkOrder('WO-8'), title: undefined }],
    ['a property that does not exist', { ...newWorkOrder('WO-8'), colour: 'red' }],
    ['a price that is no decimal', { ...newWorkOrder('WO-8'), price: 'a lot' }],
    ['null where there must be a value', { ...newWorkOrder('WO-8'), price: null }],
    ['a customer that does not exist', { ...newWorkOrder('WO-8'), customerId: 999_999 }],
    ['text that PostgreSQL cannot store', { ...newWorkOrder('WO-8'), title: 'nul \u0000' }],
    ['JSON that PostgreSQL cannot store', { ...newWorkOrder('WO-8'), customFields: { nul: '\u0000' } }],
  ])('with %s leaves no audit row', async (_, body) => {
    expect(await fail('post', '/work-orders', body)).toBe(400);
  });

  it('that violates a unique constraint leaves no audit row', async () => {
    expect(await fail('post', '/work-orders', newWorkOrder('WO-1001'))).toBe(409);
    expect(await fail('patch', '/work-orders/1', { number: 'WO-1002' })).toBe(409);
  });

  it('for something that does not exist leaves no audit row', async () => {
    expect(await fail('patch', '/work-orders/999999', { price: '1' })).toBe(404);
    expect(await fail('delete', '/work-orders/999999')).toBe(404);
    expect(await fail('patch', '/work-orders/1/line-items/999999', { quantity: 2 })).toBe(404);
    expect(await fail('put', '/work-orders/1/technician', { technicianId: 999_999 })).toBe(400);
    expect(await fail('patch', '/work-orders/99999999999', { price: '1' })).toBe(400);
  });

  it('on a closed work order leaves no audit row', async () => {
    await app.send(app.boris, 'post', '/work-orders/2/close').send({ reason: 'done' }).expect(200);
    expect(await fail('patch', '/work-orders/2', { price: '1' })).toBe(409);
    expect(await fail('post', '/work-orders/2/close', { reason: 'again' })).toBe(409);
  });

  it('works when it is repeated without the mistake', async () => {
    await app.send(app.anna, 'post', '/work-orders').send(newWorkOrder('WO-1001')).expect(409);
    await app.send(app.anna, 'post', '/work-orders').send(newWorkOrder('WO-9')).expect(201);
  });
});
