import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { MikroORM } from '@mikro-orm/core';
import { type INestApplication } from '@nestjs/common';
import { AuditContext, AuditReader, type Revision } from 'nestjs-mikro-audit';
import { AuditHttpModule, type ViewerOptions } from 'nestjs-mikro-audit/http';
import request from 'supertest';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { httpPlatforms } from '../../support/http-platforms.js';
import { bootBearerApp, TOKENS, UserPolicy } from './bearer-app.js';

const TOKEN = 'Bearer token-of-ada';
const BASE = '/api/admin/audit';

describe.each(httpPlatforms)('links that open the viewer once, on %s', (_platform, adapter) => {
  let database: TestDatabase;
  const apps: INestApplication[] = [];

  /** A process of a deployment. */
  async function boot(viewer: ViewerOptions, key?: string): Promise<void> {
    apps.push(await bootBearerApp(database.url, adapter(), viewer, key));
  }

  const server = (at: number) => apps[at]?.getHttpServer();
  const linkOf = (at = 0, authorization = TOKEN) =>
    request(server(at)).post(`${BASE}/viewer-link`).set('authorization', authorization);
  const ticket = async (at = 0): Promise<string> => {
    const { body } = await linkOf(at).expect(200);
    return String(body.url).replace(/^viewer-open#/, '');
  };
  const exchange = (one: string, at = 0) =>
    request(server(at)).post(`${BASE}/viewer-session`).set('authorization', `Ticket ${one}`);
  const session = async (at = 0): Promise<string> => {
    const { headers } = await exchange(await ticket(at), at).expect(204);
    return String(headers['set-cookie']).split(';')[0] ?? '';
  };
  const opened = async (): Promise<readonly Revision[]> =>
    (await (apps[0] as INestApplication).get(AuditReader).revisions({ action: 'audit.open-viewer' })).items;

  beforeAll(async () => {
    database = await createTestDatabase();
    await boot({ oneTimeLinks: true });
    await (apps[0] as INestApplication).get<unknown, MikroORM>(MikroORM).schema.create();
    await boot({ oneTimeLinks: true });
    await boot({ oneTimeLinks: true }, 'the secret of another deployment, as long as ours');
    await boot({});
  });
  afterEach(() => {
    jest.restoreAllMocks();
    TOKENS.set(TOKEN, { id: 'ada', name: 'Ada' });
  });
  afterAll(async () => {
    await Promise.all(apps.map((app) => app.close()));
    await database.drop();
  });

  it('lets the browser in as the reader who asked for the link, in the routes of the trail and nowhere else', async () => {
    const page = await request(server(0)).get(`${BASE}/viewer-open`).expect(200);
    expect(page.headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
    const { headers } = await exchange(await ticket()).expect(204);
    const cookie = String(headers['set-cookie']);
    expect(cookie).toMatch(/^audit-viewer=[\w-]+; HttpOnly; SameSite=Strict$/);
    expect(cookie).not.toContain('token-of-ada');
    const get = (path: string) =>
      request(server(0))
        .get(path)
        .set('cookie', cookie.split(';')[0] ?? '');
    await get(`${BASE}/ui/`).expect(200);
    const { body } = await get(`${BASE}/revisions?action=audit.open-viewer`).expect(200);
    expect(body.items[0]).toMatchObject({ action: 'audit.open-viewer', actor: { type: 'user', id: 'ada' } });
    await get('/api/orders').expect(401);
    await get(`${BASE}/settings`).expect(401);
  });

  it('takes TLS for granted, but on the own computer', async () => {
    const { headers } = await exchange(await ticket())
      .set('host', 'trail.example.org')
      .expect(204);
    expect(String(headers['set-cookie'])).toMatch(/; HttpOnly; SameSite=Strict; Secure$/);
  });

  it('takes the word of the browser for where it is: a proxy may ask for localhost', async () => {
    const cookieFor = async (origin: string) => {
      const { headers } = await exchange(await ticket()).set({ host: 'localhost:3000', origin });
      return String(headers['set-cookie']);
    };
    expect(await cookieFor('https://trail.example.org')).toMatch(/; Secure$/);
    expect(await cookieFor('null')).toMatch(/; Secure$/);
    expect(await cookieFor('http://localhost:3000')).not.toContain('Secure');
  });

  it('finds its cookie beside others of that name', async () => {
    const cookie = `audit-viewer=of-another-app; ${await session()}`;
    await request(server(0)).get(`${BASE}/changes`).set('cookie', cookie).expect(200);
  });

  it('opens once, whichever process is asked, also at the same time', async () => {
    const before = (await opened()).length;
    const one = await ticket(0);
    const answers = await Promise.all([
      exchange(one, 0),
      exchange(one, 1),
      exchange(one, 0),
      exchange(one, 1),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 401, 401, 401]);
    expect(answers.flatMap(({ headers }) => headers['set-cookie'] ?? [])).toHaveLength(1);
    await exchange(one, 1).expect(401);
    expect(await opened()).toHaveLength(before + 1);
    await request(server(1))
      .get(`${BASE}/changes`)
      .set('cookie', await session(0))
      .expect(200);
  });

  it('is claimed once, whatever the requests say of themselves', async () => {
    const context = (apps[0] as INestApplication).get(AuditContext);
    const actor = { type: 'user', id: 'ada', label: null } as const;
    const claim = (tenant: string) =>
      context.run({ metadata: { tenant } }, () =>
        context.claim({ actor, action: 'audit.open-viewer', correlationId: 'one and the same' }),
      );
    expect([await claim('a'), await claim('b'), await claim('a')]).toEqual([true, false, false]);
  });

  it('ends after a minute, and the session after an hour', async () => {
    const [one, cookie] = [await ticket(), await session()];
    const now = Date.now();
    const clock = jest.spyOn(Date, 'now');
    clock.mockReturnValue(now + 61_000);
    await exchange(one).expect(401);
    await request(server(0)).get(`${BASE}/changes`).set('cookie', cookie).expect(200);
    clock.mockReturnValue(now + 3_601_000);
    await request(server(0)).get(`${BASE}/changes`).set('cookie', cookie).expect(401);
  });

  it('goes by what the app says of the token at each request', async () => {
    const cookie = await session();
    TOKENS.delete(TOKEN);
    await request(server(0)).get(`${BASE}/changes`).set('cookie', cookie).expect(401);
  });

  it('leaves nothing in the trail by which anybody could get in', async () => {
    const one = await ticket();
    await exchange(one).expect(204);
    const [revision] = await opened();
    const whole = JSON.stringify(
      await (apps[0] as INestApplication).get(AuditReader).revision(revision?.id ?? ''),
    );
    expect(whole).not.toContain('token-of-ada');
    expect(whole).not.toContain(one);
    await exchange(revision?.correlationId ?? '').expect(401);
  });

  it.each([
    ['same-site', 'cors', 'post', 401],
    ['cross-site', 'no-cors', 'get', 401],
    ['cross-site', 'navigate', 'post', 401],
    ['same-site', 'navigate', 'get', 200],
    ['same-origin', 'cors', 'get', 200],
  ] as const)('goes by where a browser comes from: %s, %s, %s', async (site, mode, method, status) => {
    const path = method === 'get' ? '/changes' : '/entities/book/1/restore-plan';
    await request(server(0))
      [method](BASE + path)
      .set({ cookie: await session(), 'sec-fetch-site': site, 'sec-fetch-mode': mode })
      .expect(status);
  });

  it('gives no link to those who may not read, and for a header that no cookie can hold', async () => {
    await linkOf(0, 'Bearer nobody').expect(401);
    const long = `Bearer ${'x'.repeat(4_000)}`;
    TOKENS.set(long, { id: 'ada', name: 'Ada' });
    const { body } = await linkOf(0, long).expect(400);
    expect(body.detail).toContain('too long');
  });

  // Express takes them in any case and with a slash at the end, Fastify percent-encoded.
  it.each(['viewer-link', 'VIEWER-LINK', 'viewer-link/', 'viewer%2Dlink'])(
    'gives no session a link to go on with, however the route is spelled: %s',
    async (route) => {
      const cookie = await session();
      for (const path of [BASE, BASE.toUpperCase()]) {
        const { status } = await request(server(0)).post(`${path}/${route}`).set('cookie', cookie);
        expect([401, 404]).toContain(status);
      }
    },
  );

  it('takes nothing that another deployment has made, and no session for a ticket', async () => {
    const [foreign, cookie] = [await ticket(2), await session(2)];
    await exchange(foreign).expect(401);
    await request(server(0)).get(`${BASE}/changes`).set('cookie', cookie).expect(401);
    const own = await session();
    await exchange(own.split('=')[1] ?? '').expect(401);
    await request(server(0))
      .get(`${BASE}/changes`)
      .set('cookie', `audit-viewer=${await ticket()}`)
      .expect(401);
    await request(server(0)).post(`${BASE}/viewer-session`).expect(401);
  });

  it('is not there unless the app asks for it', async () => {
    await linkOf(3).expect(404);
    await request(server(3)).get(`${BASE}/viewer-open`).expect(401);
    await exchange(await ticket(0), 3).expect(401);
    await request(server(3))
      .get(`${BASE}/changes`)
      .set('cookie', await session(0))
      .expect(401);
  });
});

it('refuses a switch that is neither on nor off', () => {
  const viewer = { oneTimeLinks: 'no' as never };
  expect(() => AuditHttpModule.forRoot({ access: new UserPolicy(), viewer })).toThrow(/oneTimeLinks/);
});
