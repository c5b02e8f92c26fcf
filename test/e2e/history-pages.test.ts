import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestApp } from './test-app.js';

describe('the pages of a history', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start();
    for (const price of [1, 2, 3, 4, 5, 6])
      await app
        .send(app.anna, 'patch', '/work-orders/1')
        .send({ price: `${price}.00` })
        .expect(200);
  });
  afterAll(() => app?.close());

  it('together hold every change once, newest first', async () => {
    const whole = (await app.history(1)).items.map((change) => change.id);
    expect(whole).toHaveLength(7);
    const paged: string[][] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page = await app.history(1, `?limit=3${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
      paged.push(page.items.map((change) => change.id));
      cursor = page.nextCursor;
    }
    expect(paged.map((ids) => ids.length)).toEqual([3, 3, 1]);
    expect(paged.flat()).toEqual(whole);
  });

  it('do not shift when something is changed meanwhile', async () => {
    const first = await app.history(1, '?limit=2');
    await app.send(app.boris, 'patch', '/work-orders/1').send({ price: '70.00' }).expect(200);
    const second = await app.history(1, `?limit=2&cursor=${encodeURIComponent(first.nextCursor ?? '')}`);
    const prices = [...first.items, ...second.items].map((change) => change.after?.price);
    expect(prices).toEqual(['6.00', '5.00', '4.00', '3.00']);
  });

  it.each(['limit=0', 'limit=101', 'limit=many', 'cursor=not-a-cursor', 'page=2'])(
    'refuse ?%s',
    async (query) => {
      expect((await app.send(app.anna, 'get', `/work-orders/1/history?${query}`)).status).toBe(400);
    },
  );

  it('are 404 for an entity that never existed', async () => {
    expect((await app.send(app.anna, 'get', '/work-orders/999999/history')).status).toBe(404);
    expect((await app.send(app.anna, 'get', '/audit/revisions/999999')).status).toBe(404);
  });

  it('name the app as the actor of the demo data', async () => {
    const { items } = await app.history(2);
    expect(items.map(({ operation, revision }) => [operation, revision.actor, revision.reason])).toEqual([
      ['create', { type: 'system', id: 'demo-data', label: null }, 'demo data'],
    ]);
  });
});
