import { randomUUID } from 'node:crypto';
import { actionOf } from './action-mark.js';
import type { ContextValues } from './context-values.js';
import { correlationIdOf, httpRequestOf, ipOf, routePatternOf, userAgentOf } from './request-origin.js';

/** A handler by its class and method; every ExecutionContext is one. */
export interface HandlerReference {
  getClass(): { readonly name: string };
  getHandler(): { readonly name: string };
}

/**
 * What a context was opened for: a request and, once Nest has chosen it, a handler. What they tell is read when
 * something asks for it, because most requests write nothing.
 */
export class Execution {
  private correlationId: string | undefined;

  /**
   * @param source what Nest calls the transport: `http`, `graphql`, `ws`, `rpc`
   * @param request see ActorSource
   */
  constructor(
    readonly source: string,
    public request: unknown,
    private handler?: HandlerReference,
  ) {
    // Node remembers the address once it was read; else it is gone as soon as the client is.
    void httpRequestOf(request)?.socket?.remoteAddress;
  }

  /** Guards and handlers may know another object as the request than the middleware did (Fastify). */
  bind(request: unknown, handler: HandlerReference | undefined): void {
    this.request = request;
    this.handler = handler ?? this.handler;
  }

  values(): ContextValues {
    const request = httpRequestOf(this.request);
    const isCall = this.source === 'http';
    this.correlationId ??= isCall && request ? correlationIdOf(request.headers) : randomUUID();
    return {
      ...this.action(),
      correlationId: this.correlationId,
      origin: {
        ...this.handlerOrigin(),
        ip: request && ipOf(request),
        userAgent: request && userAgentOf(request.headers),
        // A socket was opened by a request, but its messages are none.
        method: isCall ? (request?.method?.toUpperCase() ?? null) : null,
        route: isCall && request ? routePatternOf(request) : null,
      },
    };
  }

  /** What differs for one of several handlers of the same request. */
  handlerValues(): ContextValues {
    return { ...this.action(), origin: this.handlerOrigin() };
  }

  /** What the handler is named, also for what is recorded when it did not get to run. */
  private action(): ContextValues {
    const action = this.handler ? actionOf(this.handler.getHandler()) : null;
    return action === null ? {} : { action };
  }

  private handlerOrigin() {
    const { source, handler } = this;
    return { source, handler: handler ? `${handler.getClass().name}.${handler.getHandler().name}` : null };
  }
}
