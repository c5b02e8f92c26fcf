import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestApp } from './test-app.js';

describe('an invoice, written by a queue worker', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start();
  });
  afterAll(() => app?.close());

  it('is recorded as the worker, on behalf of who asked for it, in the same request', async () => {
    const response = await app.send(app.boris, 'post', '/work-orders/1/invoice', 'invoice-1');
    expect(response.status).toBe(202);
    for (;;) {
      const [newest] = (await app.history(1, '?limit=1')).items;
      if (newest?.revision.action === 'work-order.invoice') {
        expect(newest).toMatchObject({
          operation: 'update',
          after: { customFields: { invoice: { number: 'INV-WO-1001' } } },
          revision: {
            actor: { type: 'system', id: 'invoice-worker' },
            onBehalfOf: { type: 'user', id: app.boris.id, label: app.boris.name },
            correlationId: 'invoice-1',
            origin: { source: 'queue' },
          },
        });
        break;
      }
    }
  });

  it('is not written for a work order that does not exist', async () => {
    const { status } = await app.send(app.boris, 'post', '/work-orders/999/invoice');
    expect(status).toBe(404);
  });

  it('needs no migration: the schema of the queue is left to the queue', async () => {
    expect(await app.schemaDifference()).toBe('');
  });
});
