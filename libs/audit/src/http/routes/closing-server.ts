import type { Server, ServerResponse } from 'node:http';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ReplaySubject } from 'rxjs';

/** A response of Express, or a reply of Fastify. */
export type Sending = ServerResponse | { readonly raw: ServerResponse };

/** Lets the server of an app that closes go as soon as the last answer is sent. */
@Injectable()
export class ClosingServer implements OnModuleDestroy {
  /** Remembers: a stream that is about to open when the app closes must not open for good. */
  readonly begins = new ReplaySubject<void>(1);

  constructor(@Inject(HttpAdapterHost) private readonly host: HttpAdapterHost) {}

  onModuleDestroy(): void {
    this.begins.next();
  }

  /** It waits for connections that were busy when it began, also when they are kept for nothing: 72 seconds on Fastify. */
  closeWhenSent(sending: Sending): void {
    const response = 'raw' in sending ? sending.raw : sending;
    const server: Partial<Server> = this.host.httpAdapter.getHttpServer();
    const waiting = this.begins.subscribe(() =>
      response.once('finish', () => setImmediate(() => server.closeIdleConnections?.())),
    );
    response.once('close', () => waiting.unsubscribe());
  }
}
