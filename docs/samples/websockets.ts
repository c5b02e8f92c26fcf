// #region imports
import type { IncomingMessage } from 'node:http';
import { EntityManager } from '@mikro-orm/core';
import { Module } from '@nestjs/common';
import {
  MessageBody,
  type OnGatewayConnection,
  SubscribeMessage,
  WebSocketGateway,
} from '@nestjs/websockets';
import { Book, BooksModule } from './quick-start.js';

// #endregion

// #region gateway
interface Client {
  /** socket.io keeps it here by itself. */
  request?: IncomingMessage;
  user?: { readonly id: string };
}

@WebSocketGateway({ path: '/live' })
class BooksGateway implements OnGatewayConnection {
  constructor(private readonly em: EntityManager) {}

  handleConnection(client: Client, request: IncomingMessage): void {
    client.request = request; // for the address and the user agent
    client.user = { id: String(request.headers['x-user']) }; // after checking a token, in real life
  }

  @SubscribeMessage('rename')
  async rename(@MessageBody() { id, title }: { id: number; title: string }) {
    const em = this.em.fork();
    const book = await em.findOneOrFail(Book, id);
    book.title = title;
    await em.flush();
    return { event: 'renamed', data: id };
  }
}
// #endregion

@Module({ imports: [BooksModule], providers: [BooksGateway] })
export class LiveBooksModule {}
