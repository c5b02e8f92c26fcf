import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newWorkOrder, TestApp } from './test-app.js';

describe('authentication', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start();
  });
  afterAll(() => app?.close());

  it.each([
    ['no token', null],
    ['an unknown token', 'Bearer demo-token-eve'],
    ['another scheme', 'Basic ZGVtbzpkZW1v'],
    ['an empty token', 'Bearer '],
  ])('refuses %s and leaves no audit row', async (_, authorization) => {
    const before = await app.trailSize();
    for (const [method, path] of [
      ['post', '/work-orders'],
      ['get', '/work-orders/1'],
      ['get', '/work-orders/1/history'],
      ['get', '/audit/revisions/1'],
    ] as const) {
      const request = app.send(null, method, path);
      if (authorization !== null) request.set('authorization', authorization);
      const response = method === 'post' ? await request.send(newWorkOrder('WO-8')) : await request;
      expect([response.status, response.headers['www-authenticate']]).toEqual([401, 'Bearer']);
    }
    expect(await app.trailSize()).toEqual(before);
  });

  it('leaves no token, hashed or not, in the trail', async () => {
    const users = await app.query<{ token_hash: string }>('select token_hash from app_user');
    const trail = JSON.stringify(await app.query("select * from audit_change where entity_type = 'user'"));
    expect(trail).toContain(app.anna.name);
    for (const secret of [app.anna.token, app.boris.token, ...users.map((user) => user.token_hash)])
      expect(trail).not.toContain(secret);
  });

  it('shows the OpenAPI description to everybody', async () => {
    const { body, status } = await app.send(null, 'get', '/docs-json');
    expect(status).toBe(200);
    expect(Object.keys(body.paths)).toEqual(
      expect.arrayContaining(['/work-orders', '/work-orders/{id}/history', '/audit/revisions/{id}']),
    );
  });
});
