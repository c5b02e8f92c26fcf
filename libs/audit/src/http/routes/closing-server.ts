import type { Server } from 'node:http';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { onceClosed, responseOf, type Sending } from '../limits/sending.js';

/** Lets the server of an app that closes go as soon as the last answer is sent. */
@Injectable()
export class ClosingServer implements OnModuleDestroy {
  private readonly closing = new AbortController();
  /** Aborted when the app begins to close: a stream that opens after that must not stay. */
  readonly begins: AbortSignal = this.closing.signal;

  constructor(@Inject(HttpAdapterHost) private readonly host: HttpAdapterHost) {}

  onModuleDestroy(): void {
    this.closing.abort();
  }

  /** It waits for connections that were busy when it began, also when they are kept for nothing: 72 seconds on Fastify. */
  closeWhenSent(sending: Sending): void {
    const server: Partial<Server> = this.host.httpAdapter.getHttpServer();
    const close = () =>
      responseOf(sending).once('finish', () => setImmediate(() => server.closeIdleConnections?.()));
    if (this.begins.aborted) {
      close();
      return;
    }
    this.begins.addEventListener('abort', close);
    onceClosed(sending, () => this.begins.removeEventListener('abort', close));
  }
}
