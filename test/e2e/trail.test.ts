import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestApp } from './test-app.js';

describe('the trail of the app', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start();
  });
  afterAll(() => app?.close());

  it('is open to a browser that has signed in', async () => {
    const page = await app.send(null, 'get', '/login');
    expect([page.status, page.text]).toEqual([
      200,
      expect.stringContaining('<form method="post" action="/login">'),
    ]);
    const login = await app.send(null, 'post', '/login').type('form').send({ token: app.anna.token });
    const [cookie = ''] = login.get('Set-Cookie') ?? [];
    expect([login.status, login.headers.location, cookie]).toEqual([
      303,
      '/audit/ui/',
      expect.stringMatching(/^session=demo-token-anna; Path=\/; HttpOnly; SameSite=Lax$/),
    ]);
    const changes = await app.send(null, 'get', '/audit/changes').set('cookie', cookie);
    expect([changes.status, changes.body.items.length]).toEqual([200, expect.any(Number)]);
    expect((await app.send(null, 'get', '/audit/changes').set('cookie', 'session=guess')).status).toBe(401);
  });

  it('leads a person from its first page to the trail', async () => {
    const start = await app.send(null, 'get', '/');
    expect([start.status, start.text]).toEqual([200, expect.stringContaining('<h1>Work orders</h1>')]);
    const [, token = ''] = /name="token" type="hidden" value="([^"]*)"/.exec(start.text) ?? [];
    const login = await app.send(null, 'post', '/login').type('form').send({ token, return: '/audit/ui/' });
    expect([login.status, login.headers.location]).toEqual([303, '/audit/ui/']);
    const refused = await app
      .send(null, 'post', '/login')
      .type('form')
      .send({ token: '<b>', return: '/a"b' });
    expect([refused.status, refused.headers['content-type']]).toEqual([401, 'text/html; charset=utf-8']);
    expect(refused.text).toMatch(
      /role="alert">Nobody has this token\.[\s\S]*name="return" type="hidden" value="\/a%22b"/,
    );
  });

  it('sends a browser without a session to the sign-in, and back to where it wanted to go', async () => {
    const wanted = '/audit/ui/entities/work-order/1?view=past&at="2"';
    const open = (accept: string) => app.send(null, 'get', encodeURI(wanted)).set('accept', accept);
    const sent = await open('text/html,application/xhtml+xml,*/*;q=0.8');
    expect(sent.status).toBe(302);
    const form = await app.send(null, 'get', sent.headers.location ?? '');
    const [, path = ''] = /name="return" type="hidden" value="([^"]*)"/.exec(form.text) ?? [];
    const login = await app
      .send(null, 'post', '/login')
      .type('form')
      .send({ token: app.anna.token, return: path.replaceAll('&amp;', '&') });
    expect([login.status, login.headers.location]).toEqual([303, encodeURI(wanted)]);
    expect((await open('application/json')).status).toBe(401);
    const elsewhere = { token: app.anna.token, return: '//other.example' };
    const stayed = await app.send(null, 'post', '/login').type('form').send(elsewhere);
    expect(stayed.headers.location).toBe('/audit/ui/');
  });

  it.each([{ token: 'guess' }, { token: '../' }, {}])('stays closed to a login with %j', async (body) => {
    const login = await app.send(null, 'post', '/login').type('form').send(body);
    expect([login.status >= 400, login.get('Set-Cookie')]).toEqual([true, undefined]);
  });

  it('shows a dispatcher who a user is, but not the address', async () => {
    const { body } = await app.send(app.anna, 'get', '/audit/changes?entity=user');
    const fields = body.items[0].fields as { readonly path: string; readonly after: unknown }[];
    expect(fields).toEqual(
      expect.arrayContaining([
        { path: 'name', after: expect.any(String) },
        { path: 'email', after: { $hidden: true } },
        { path: 'tokenHash', after: { $masked: 'redact' } },
      ]),
    );
    const { body: found } = await app.send(
      app.anna,
      'get',
      '/audit/changes?entity=user&text=maintenance.example',
    );
    expect(found.items).toEqual([]);
  });

  it('shows a technician the history of the own work orders, without prices', async () => {
    const [technician] = await app.createUsers(1);
    if (!technician) throw new Error('There is no user.');
    const person = { name: 'User 0', email: 'user0@test.example' };
    const { body } = await app.send(app.anna, 'post', '/technicians').send(person);
    await app.send(app.anna, 'put', '/work-orders/2/technician').send({ technicianId: body.id }).expect(200);
    const own = await app.send(technician, 'get', '/audit/entities/work-order/2/history');
    expect(own.body.items.map(({ operation }: { readonly operation: string }) => operation)).toEqual([
      'update',
      'create',
    ]);
    expect(own.text).not.toContain('1250.00');
    const other = await app.send(technician, 'get', '/audit/entities/work-order/1/history');
    expect([other.status, other.body.items]).toEqual([200, []]);
    for (const path of ['/audit/changes', '/audit/export', '/audit/entities/customer/1/history']) {
      expect([path, (await app.send(technician, 'get', path)).status]).toEqual([path, 403]);
    }
  });
});
