import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { MikroORM } from '@mikro-orm/core';
import type { INestApplication } from '@nestjs/common';
import { type ClientProxy, ClientProxyFactory, Transport } from '@nestjs/microservices';
import { WsAdapter } from '@nestjs/platform-ws';
import { AuditContext } from 'nestjs-mikro-audit';
import { lastValueFrom } from 'rxjs';
import request from 'supertest';
import WebSocket from 'ws';
import { SeededBooksModule } from '../../docs/samples/bootstrap.js';
import { StockEventsController } from '../../docs/samples/context.js';
import { GraphqlBooksModule } from '../../docs/samples/graphql.js';
import { listen, MessageBooksModule } from '../../docs/samples/microservices.js';
import { QueueBooksModule, RenameQueue } from '../../docs/samples/queue.js';
import { ScheduledBooksModule } from '../../docs/samples/schedule.js';
import { LiveBooksModule } from '../../docs/samples/websockets.js';
import { freePort } from '../../src/http/free-port.js';
import { httpPlatforms } from '../support/http-platforms.js';
import { PROJECT } from '../support/project-paths.js';
import { runCommand } from '../support/run-command.js';
import { useSampleApps } from './use-sample-apps.js';

describe('the samples of transports and jobs run, against the real thing', () => {
  const { books, boot, changesOf } = useSampleApps();

  const portOf = (app: INestApplication) => (app.getHttpServer().address() as AddressInfo).port;

  describe.each(httpPlatforms)('GraphQL on %s', (_platform, adapter) => {
    it('gives all resolvers of an operation one context, with the user of the request', async () => {
      const app = await boot(GraphqlBooksModule, { adapter: adapter(), stock: [2, 3] });
      const ask = (user: string, query: string) =>
        request(app.getHttpServer()).post('/graphql').set('x-user', user).send({ query });
      const mutation = 'mutation { a: sell(id: 1) { reordered } b: sell(id: 2) { id } }';
      const { body } = await ask('ada', mutation).expect(200);
      expect(body.data).toEqual({ a: { reordered: true }, b: { id: 2 } });
      const changes = await changesOf(app, 3);
      expect(changes).toHaveLength(3);
      expect(new Set(changes.map(({ revision }) => revision.correlationId)).size).toBe(1);
      for (const { revision } of changes) {
        expect(revision).toMatchObject({ actor: { type: 'user', id: 'ada' }, origin: { ip: '127.0.0.1' } });
      }
      const sold = changes.filter(({ after }) => [1, 2].includes(Number(after?.stock)));
      expect(sold.map(({ revision }) => revision.origin)).toMatchObject([
        { source: 'graphql', handler: 'BooksResolver.sell' },
        { source: 'graphql', handler: 'BooksResolver.sell' },
      ]);
    });

    it('keeps the users of parallel operations apart, in field resolvers too', async () => {
      const app = await boot(GraphqlBooksModule, { adapter: adapter(), stock: [99, 99, 99, 99] });
      const users = ['ann', 'bob', 'cleo', 'dora'];
      await Promise.all(
        users.map((user, index) =>
          request(app.getHttpServer())
            .post('/graphql')
            .set('x-user', user)
            .send({
              query: `mutation { ${'abcde'.replace(/./g, (name) => `${name}: sell(id: ${index + 1}) { id } `)} }`,
            })
            .expect(200),
        ),
      );
      const changes = await changesOf(app, 20);
      expect(changes).toHaveLength(20);
      for (const { entityId, revision } of changes) {
        expect(revision.actor.id).toBe(users[Number(entityId) - 1]);
      }
    });
  });

  it('WebSocket messages have the user of their client, and a context each', async () => {
    const app = await boot(LiveBooksModule, {
      configure: (nest) => nest.useWebSocketAdapter(new WsAdapter(nest)),
    });
    const clients = await Promise.all(
      ['ada', 'bea'].map(async (user, index) => {
        const headers = { 'x-user': user, 'user-agent': `browser of ${user}` };
        const client = new WebSocket(`ws://127.0.0.1:${portOf(app)}/live`, { headers });
        await once(client, 'open');
        const rename = (title: string) =>
          client.send(JSON.stringify({ event: 'rename', data: { id: index + 1, title } }));
        rename('one');
        await once(client, 'message');
        rename('two');
        await once(client, 'message');
        return client;
      }),
    );
    const changes = await changesOf(app, 4);
    for (const client of clients) {
      client.terminate();
    }
    expect(new Set(changes.map(({ revision }) => revision.correlationId)).size).toBe(4);
    for (const { entityId, revision } of changes) {
      const user = entityId === '1' ? 'ada' : 'bea';
      expect(revision).toMatchObject({
        actor: { type: 'user', id: user },
        origin: {
          source: 'ws',
          handler: 'BooksGateway.rename',
          ip: '127.0.0.1',
          userAgent: `browser of ${user}`,
          method: null,
          route: null,
        },
      });
    }
  });

  it('messages of a microservice have whom a guard found, and never whom the payload claims', async () => {
    const app = await boot(MessageBooksModule);
    const port = await freePort(43_210, '127.0.0.1');
    await listen(app, port);
    const client: ClientProxy = ClientProxyFactory.create({
      transport: Transport.TCP,
      options: { host: '127.0.0.1', port },
    });
    try {
      const message = { id: 1, count: 2, token: 'secret', user: { id: 'admin' } };
      expect(await lastValueFrom(client.send('stock.add', message))).toBe(11);
      await expect(lastValueFrom(client.send('stock.add', { ...message, token: 'x' }))).rejects.toBeDefined();
      await lastValueFrom(client.emit('stock.lost', { ...message, id: 2 }), { defaultValue: undefined });
      const changes = await changesOf(app, 2);
      expect(changes).toMatchObject([
        {
          entityId: '1',
          revision: {
            actor: { type: 'user', id: 'warehouse' },
            origin: { source: 'rpc', handler: 'StockMessages.add' },
          },
        },
        {
          entityId: '2',
          revision: { actor: { id: 'warehouse' }, origin: { source: 'rpc', handler: 'StockMessages.lost' } },
        },
      ]);
    } finally {
      await client.close();
    }
  });

  it('a queue worker continues what a user began', async () => {
    const app = await boot(QueueBooksModule);
    await Promise.all(
      ['ada', 'bea'].map((id, index) =>
        app
          .get(AuditContext)
          .run({ actor: { type: 'user', id, label: null }, correlationId: `request of ${id}` }, () =>
            app.get(RenameQueue).send(index + 1, `by ${id}`),
          ),
      ),
    );
    const changes = await changesOf(app, 2);
    for (const { after, revision } of changes) {
      const user = String(after?.title).slice(3);
      expect(revision).toMatchObject({
        actor: { type: 'system', id: 'rename-worker' },
        onBehalfOf: { type: 'user', id: user },
        correlationId: `request of ${user}`,
        origin: { source: 'queue' },
      });
    }
  });

  it.each(['nightly-', 'hourly-', 'start'])(
    'a scheduled job fires and writes as the system: %s',
    async (runId) => {
      const app = await boot(ScheduledBooksModule, { stock: [-1_000] });
      for (let count = 1; ; count++) {
        const changes = await changesOf(app, count);
        const change = changes.find(({ revision }) => revision.correlationId?.startsWith(runId));
        if (change) {
          expect(change.revision).toMatchObject({
            actor: { type: 'system', id: 'reorder-job' },
            reason: 'stock below 5',
            origin: { source: 'job' },
          });
          return;
        }
      }
    },
  );

  it('a stream that requests share keeps the context of each, behind keepContext()', async () => {
    const app = await boot(books.module);
    const context = app.get(AuditContext);
    const events = new StockEventsController(app.get(MikroORM).em);
    const as = <T>(id: string, work: () => T) =>
      context.run({ actor: { type: 'user', id, label: null } }, work);
    const listening = as('listener', () => lastValueFrom(events.firstSale(1)));
    as('seller', () => events.sold.next(1));
    expect(await listening).toEqual({ data: 'Emma (noticed)' });
    const [change] = await changesOf(app, 1);
    expect(change?.revision.actor.id).toBe('listener');
  });

  it('the start of the app writes as the actor it names', async () => {
    const app = await boot(SeededBooksModule, { stock: [] });
    const [change] = await changesOf(app, 1);
    expect(change).toMatchObject({
      operation: 'create',
      revision: { actor: { type: 'system', id: 'bootstrap' }, reason: 'first books' },
    });
  });

  it('a script in its own process writes as the user who called it', async () => {
    const app = await boot(books.module);
    const loader = new URL('../e2e/typescript-loader.mjs', import.meta.url).href;
    const parameters = [
      '--no-warnings',
      '--import',
      'reflect-metadata',
      '--import',
      loader,
      'docs/samples/cli.ts',
    ];
    await runCommand(process.execPath, [...parameters, '2', 'Persuasion'], {
      cwd: PROJECT,
      env: { NODE_OPTIONS: '', USER: 'ops', BOOKS_DATABASE_URL: books.databaseUrl },
    });
    expect(await changesOf(app, 1)).toMatchObject([
      {
        entityId: '2',
        after: { title: 'Persuasion' },
        revision: { actor: { type: 'user', id: 'ops' }, reason: 'typo', origin: { source: 'cli' } },
      },
    ]);
  });
});
