import { createServer, request as forward, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EntityManager, MikroORM } from '@mikro-orm/core';
import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { AuditContext } from 'nestjs-mikro-audit';
import request from 'supertest';
import { QueueBooksModule } from '../../docs/samples/queue.js';
import { Book } from '../../docs/samples/quick-start.js';
import { RenameProcessor, Renames } from '../../docs/samples/recipes/bullmq.js';
import { HistoryBooksModule } from '../../docs/samples/recipes/graphql-history.js';
import { historyPage } from '../../docs/samples/recipes/history-template.js';
import type { ShownChange } from '../../docs/samples/recipes/history-text.js';
import { Ticket, TicketsModule, UserNames } from '../../docs/samples/recipes/tickets.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { httpPlatforms } from '../support/http-platforms.js';
import { PROJECT } from '../support/project-paths.js';
import { useSampleApps } from './use-sample-apps.js';

const HOSTILE = `<img src=x onerror="alert('7')"> & more`;

/** The text that React would put into the page, and the names of the elements around it. */
function rendered(node: unknown): { readonly text: string; readonly elements: ReadonlySet<string> } {
  const elements = new Set<string>();
  const textOf = (one: unknown): string => {
    if (Array.isArray(one)) {
      return one.map(textOf).join('');
    }
    if (typeof one === 'object' && one !== null) {
      const { type, props } = one as { readonly type: string; readonly props: Record<string, unknown> };
      elements.add(type);
      expect(props).not.toHaveProperty('dangerouslySetInnerHTML');
      return textOf(props.children);
    }
    return one === undefined || one === null ? '' : String(one);
  };
  return { text: textOf(node), elements };
}

describe.each(httpPlatforms)('the recipes of the tickets, on %s', (_platform, adapter) => {
  let database: TestDatabase;
  let app: INestApplication;
  let proxy: Server;

  const as = (sub: string, tenant: string) => {
    const token = Buffer.from(JSON.stringify({ sub, tenant })).toString('base64url');
    return { authorization: `Bearer ${token}` };
  };
  const [ADA, BABBAGE, OTHER] = [as('7', 'north'), as('8', 'north'), as('7', 'south')];
  const api = (method: 'get' | 'post' | 'delete', path: string, user: object) =>
    request(app.getHttpServer())
      [method](`/api${path}`)
      .set({ ...user });
  const create = async (user: object, tenant: string, title: string): Promise<number> => {
    const { body } = await api('post', '/tickets', user).send({ tenant, title }).expect(201);
    return body.id;
  };
  const historyOf = async (id: number, user: object): Promise<readonly ShownChange[]> =>
    (await api('get', `/internal/audit/entities/ticket/${id}/history`, user).expect(200)).body.items;

  beforeAll(async () => {
    database = await createTestDatabase({ url: process.env.BOOKS_DATABASE_URL });
    const module = await Test.createTestingModule({ imports: [TicketsModule] }).compile();
    app = module.createNestApplication(adapter(), { logger: false });
    app.setGlobalPrefix('api');
    await app.listen(0, '127.0.0.1');
    await app.get(MikroORM).schema.refresh();
    const { port } = app.getHttpServer().address() as AddressInfo;
    proxy = createServer((incoming, outgoing) => {
      const { method, headers } = incoming;
      const path = incoming.url?.replace(/^\/shop\//, '/') ?? '';
      const behind = forward({ host: '127.0.0.1', port, path, method, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      incoming.pipe(behind);
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    proxy?.close();
    await app?.close();
    await database.drop();
  });

  it('tenants by column: nobody sees rows or history of another tenant', async () => {
    const id = await create(ADA, 'north', 'Broken lamp');
    expect((await historyOf(id, ADA)).map(({ operation }) => operation)).toEqual(['create']);
    expect(await historyOf(id, OTHER)).toEqual([]);
    const titles = async (user: object) =>
      (await api('get', '/tickets', user).expect(200)).body.map(({ title }: Ticket) => title);
    expect(await titles(ADA)).toContain('Broken lamp');
    expect(await titles(OTHER)).not.toContain('Broken lamp');
    const { body } = await api('get', '/internal/audit/changes', OTHER).expect(200);
    expect(body.items).toEqual([]);
  });

  it('soft delete: it is found by its name, and brought back', async () => {
    const id = await create(ADA, 'north', 'Lost key');
    await api('delete', `/tickets/${id}`, BABBAGE).expect(200);
    const listed = async () => (await api('get', '/tickets', ADA)).body.some((one: Ticket) => one.id === id);
    expect(await listed()).toBe(false);
    const { body } = await api('get', '/internal/audit/changes?action=ticket.discard', ADA).expect(200);
    expect(body.items[0]).toMatchObject({ entityId: String(id), operation: 'update' });
    await api('post', `/tickets/${id}/bring-back`, ADA).expect(201);
    expect(await listed()).toBe(true);
    expect((await historyOf(id, ADA))[0]?.revision).toMatchObject({ reason: 'discarded by mistake' });
  });

  it('soft delete: nobody brings back what is there, or what another tenant has discarded', async () => {
    const id = await create(ADA, 'north', 'Stays away');
    await api('delete', `/tickets/${id}`, BABBAGE).expect(200);
    await api('post', `/tickets/${id}/bring-back`, OTHER).expect(404);
    expect(await historyOf(id, ADA)).toHaveLength(2);
    await api('post', `/tickets/${id}/bring-back`, ADA).expect(201);
    await api('post', `/tickets/${id}/bring-back`, ADA).expect(404);
    expect(await historyOf(id, ADA)).toHaveLength(3);
    expect((await api('get', '/tickets', ADA)).body).toContainEqual(expect.objectContaining({ id }));
  });

  it('tokens with ids only, and lists: who modified last has a name', async () => {
    const id = await create(BABBAGE, 'north', 'No names');
    const { body } = await api('get', '/tickets', ADA).expect(200);
    expect(body.find((one: Ticket) => one.id === id)).toMatchObject({
      lastModifiedBy: 'Charles Babbage',
      lastModifiedAt: expect.any(String),
    });
  });

  it('tokens with ids only: a name that could not be looked up is looked up again, one that was found is not', async () => {
    const answers = [Promise.reject(new Error('The directory is away.')), null, 'Ada', 'Another'];
    class Directory extends UserNames {
      protected override async lookUp(): Promise<string | null> {
        return (await answers.shift()) ?? null;
      }
    }
    const names = new Directory();
    await expect(names.of('7')).rejects.toThrow('away');
    expect([await names.of('7'), await names.of('7'), await names.of('7')]).toEqual([null, 'Ada', 'Ada']);
  });

  it('history in own pages: values are text, in React and in a template', async () => {
    const changes = await historyOf(await create(ADA, 'north', HOSTILE), ADA);
    const { HistoryList } = await import(`${PROJECT}/docs/samples/recipes/history-list.tsx`);
    const { text, elements } = rendered(HistoryList({ changes }));
    expect(text).toContain(HOSTILE);
    expect([...elements].sort()).toEqual(['del', 'ins', 'li', 'ol', 'time', 'ul']);
    const page = historyPage(changes);
    expect(page).toContain('&lt;img src=x onerror=&quot;alert(&#39;7&#39;)&quot;&gt; &amp; more');
    expect([...page.matchAll(/<(\w+)/g)].map(([, name]) => name)).toEqual(
      expect.not.arrayContaining(['img']),
    );
    const hidden = [{ path: 'x', before: { $hidden: true }, after: { $mask: { kind: 'redact' } } }];
    expect(historyPage(changes.map((one) => ({ ...one, fields: hidden })))).toContain(
      '<td>(hidden)</td><td>(hidden)</td>',
    );
  });

  it('under a sub-path: the viewer and its links work behind a proxy that cuts a prefix off', async () => {
    const base = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/shop/api/internal/audit/`;
    const link = await fetch(`${base}viewer-link`, { method: 'POST', headers: ADA });
    const { url } = (await link.json()) as { readonly url: string };
    const opened = new URL(url, link.url);
    expect(opened.href).toBe(`${base}viewer-open${opened.hash}`);
    expect((await fetch(opened)).status).toBe(200);
    const session = await fetch(new URL('viewer-session', opened), {
      method: 'POST',
      headers: { authorization: `Ticket ${opened.hash.slice(1)}` },
    });
    const [cookie = ''] = session.headers.getSetCookie();
    // Without a path, a browser sends it to what is beside the route that has set it.
    expect(cookie).not.toMatch(/path=/i);
    const headers = { cookie: cookie.split(';')[0] ?? '' };
    expect((await fetch(`${base}changes`, { headers })).status).toBe(200);
    const nobody = await fetch(`${base}ui/`, { headers: { accept: 'text/html' }, redirect: 'manual' });
    expect(nobody.status).toBe(302);
    expect(nobody.headers.get('location')).toMatch(/^\/shop\/login\?return=/);
  });
});

describe('the recipes of the books', () => {
  const { boot, changesOf } = useSampleApps();

  it('GraphQL: a history in pages', async () => {
    const app = await boot(HistoryBooksModule);
    const em = app.get(EntityManager).fork();
    const book = await em.findOneOrFail(Book, 1);
    book.title = HOSTILE;
    await em.flush();
    const query =
      '{ bookHistory(id: 1) { nextCursor items { operation by at fields { path before after } } } }';
    const { body } = await request(app.getHttpServer()).post('/graphql').send({ query }).expect(200);
    expect(body.data.bookHistory).toEqual({
      nextCursor: null,
      items: [
        {
          operation: 'update',
          by: null,
          at: expect.any(String),
          fields: [{ path: 'title', before: '"Emma"', after: JSON.stringify(HOSTILE) }],
        },
      ],
    });
  });

  it('BullMQ: a job is done on behalf of whoever put it into the queue, and a forged one is not', async () => {
    const app = await boot(QueueBooksModule);
    const [em, context] = [app.get(EntityManager), app.get(AuditContext)];
    const jobs: { readonly data: Parameters<RenameProcessor['process']>[0]['data']; readonly id: string }[] =
      [];
    const renames = new Renames(
      { add: async (_name, data) => jobs.push({ id: String(jobs.length + 1), data }) },
      context,
    );
    await context.run({ actor: { type: 'user', id: 'ada', label: 'Ada' } }, () =>
      renames.later(1, 'Sanditon'),
    );
    const processor = new RenameProcessor(em, context);
    const [job] = jobs;
    if (!job) {
      throw new Error('There is no job.');
    }
    await processor.process(job);
    const [change] = await changesOf(app, 1);
    expect(change).toMatchObject({
      after: { title: 'Sanditon' },
      revision: {
        actor: { type: 'system', id: 'rename-worker' },
        onBehalfOf: { id: 'ada', label: 'Ada' },
        origin: { source: 'bullmq' },
        metadata: { job: '1' },
      },
    });
    const forged = { ...job, data: { ...job.data, envelope: `${job.data.envelope.slice(0, -2)}xx` } };
    await expect(processor.process(forged)).rejects.toThrow();
    expect(await changesOf(app, 1)).toHaveLength(1);
  });
});
