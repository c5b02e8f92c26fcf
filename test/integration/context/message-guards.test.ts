import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  type ArgumentsHost,
  type CanActivate,
  Catch,
  Controller,
  type ExceptionFilter,
  type ExecutionContext,
  type INestApplication,
  Inject,
  Injectable,
  UseFilters,
  UseGuards,
} from '@nestjs/common';
import {
  type ClientProxy,
  ClientProxyFactory,
  EventPattern,
  MessagePattern,
  type MicroserviceOptions,
  Payload,
  RpcException,
  Transport,
} from '@nestjs/microservices';
import { WsAdapter } from '@nestjs/platform-ws';
import { MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { defer, lastValueFrom, type Observable } from 'rxjs';
import WebSocket from 'ws';
import { orderEntities } from '../../support/fixtures/orders.js';
import { ordersOracle } from '../../support/fixtures/orders.oracle.js';
import { CHANGES } from '../../support/trail.js';
import { useAuditedApp } from '../../support/use-audited-app.js';
import { TagWriter } from './tag-writer.js';

interface Message {
  readonly user: string;
}

/** Who writes, in the form that the writer knows. */
const writerOf = ({ user }: Message) => ({ headers: { 'x-user': user } });

/** Writes that it was asked, and lets not everybody in. */
@Injectable()
class WritingGuard implements CanActivate {
  constructor(@Inject(TagWriter) private readonly writer: TagWriter) {}

  async canActivate(execution: ExecutionContext): Promise<boolean> {
    const isRpc = execution.getType() === 'rpc';
    const message = (isRpc ? execution.switchToRpc() : execution.switchToWs()).getData<Message>();
    if (isRpc) {
      execution.switchToRpc().getContext<{ user?: object }>().user = { id: message.user };
    }
    await this.writer.write(writerOf(message), 'guard');
    return message.user !== 'mallory';
  }
}

@Catch(RpcException)
class WritingFilter implements ExceptionFilter {
  constructor(@Inject(TagWriter) private readonly writer: TagWriter) {}

  catch(error: RpcException, host: ArgumentsHost): Observable<never> {
    return defer(async () => {
      await this.writer.write(writerOf(host.switchToRpc().getData()), 'filter');
      throw error.getError();
    });
  }
}

@Controller()
@UseGuards(WritingGuard)
@UseFilters(WritingFilter)
class MessagesController {
  constructor(@Inject(TagWriter) private readonly writer: TagWriter) {}

  @MessagePattern('write')
  write(@Payload() message: Message): Promise<string> {
    return this.writer.write(writerOf(message), 'handler');
  }

  @EventPattern('happened')
  async happened(@Payload() message: Message): Promise<void> {
    await this.writer.write(writerOf(message), 'event');
  }
}

@WebSocketGateway({ path: '/live' })
@UseGuards(WritingGuard)
class LiveGateway {
  constructor(@Inject(TagWriter) private readonly writer: TagWriter) {}

  @SubscribeMessage('write')
  async write(@MessageBody() message: Message) {
    return { event: 'written', data: await this.writer.write(writerOf(message), 'gateway') };
  }
}

const audited = useAuditedApp({
  entities: orderEntities,
  oracle: ordersOracle,
  controllers: [MessagesController],
  providers: [TagWriter, LiveGateway],
  configure: (app: INestApplication) => {
    app.useWebSocketAdapter(new WsAdapter(app));
    app.connectMicroservice<MicroserviceOptions>(
      { transport: Transport.TCP, options: { host: '127.0.0.1', port: 0 } },
      { inheritAppConfig: true },
    );
  },
});
let client: ClientProxy;

beforeAll(async () => {
  await audited.app.listen(0, '127.0.0.1');
  await audited.app.startAllMicroservices();
  const [server] = audited.app.getMicroservices().map((service) => service.unwrap<Server>());
  const { port } = (server as Server).address() as AddressInfo;
  client = ClientProxyFactory.create({ transport: Transport.TCP, options: { host: '127.0.0.1', port } });
});
afterAll(async () => {
  await client.close();
});

/** The writes, with who by the trail, oldest first. */
async function trail(count: number) {
  for (;;) {
    const rows: { tag: string; actor: string | null; request: string; handler: string | null }[] =
      await audited.orm.em.fork().execute(`
        select change.after->>'name' as tag, revision.actor_id as actor, revision.correlation_id as request,
          revision.origin->>'handler' as handler
        from ${CHANGES} change join audit_change revision on revision.id = change.of_revision order by change.id`);
    if (rows.length >= count) {
      await audited.oracle.verify();
      return rows;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const requestsOf = (rows: readonly { readonly request: string }[]) =>
  new Set(rows.map(({ request }) => request));

it('guards of a message are in its context, as its handler is', async () => {
  await lastValueFrom(client.send('write', { user: 'ann' }));
  const rows = await trail(2);
  expect(rows).toMatchObject([
    { tag: 'ann: guard', actor: 'ann', handler: 'MessagesController.write' },
    { tag: 'ann: handler', actor: 'ann', handler: 'MessagesController.write' },
  ]);
  expect(requestsOf(rows).size).toBe(1);
});

it('a filter that records a denied message runs in its context, too', async () => {
  await expect(lastValueFrom(client.send('write', { user: 'mallory' }))).rejects.toBeDefined();
  const rows = await trail(2);
  expect(rows).toMatchObject([
    { tag: 'mallory: guard', actor: 'mallory', handler: 'MessagesController.write' },
    { tag: 'mallory: filter', actor: 'mallory', handler: 'MessagesController.write' },
  ]);
  expect(requestsOf(rows).size).toBe(1);
});

it('messages at the same time have a context each', async () => {
  const users = ['ann', 'bob', 'cleo', 'dora'];
  await Promise.all([
    ...users.map((user) => lastValueFrom(client.send('write', { user }))),
    lastValueFrom(client.emit('happened', { user: 'emil' }), { defaultValue: undefined }),
  ]);
  const rows = await trail(10);
  for (const { tag, actor } of rows) {
    expect(tag.split(':')[0]).toBe(actor);
  }
  expect(requestsOf(rows).size).toBe(5);
});

it('guards of a gateway have no context: the actor of their writes is unknown, not somebody else', async () => {
  const { port } = audited.app.getHttpServer().address() as AddressInfo;
  const socket = new WebSocket(`ws://127.0.0.1:${port}/live`, { headers: { 'x-user': 'ann' } });
  try {
    await once(socket, 'open');
    socket.send(JSON.stringify({ event: 'write', data: { user: 'ann' } }));
    expect(String(await once(socket, 'message'))).toContain('written');
  } finally {
    socket.terminate();
  }
  expect(await trail(2)).toMatchObject([
    { tag: 'ann: guard', actor: null, handler: null, request: null },
    { tag: 'ann: gateway', handler: 'LiveGateway.write' },
  ]);
});
