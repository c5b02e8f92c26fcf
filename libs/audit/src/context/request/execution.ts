import { randomUUID } from 'node:crypto';
import type { ExecutionContext } from '@nestjs/common';
import type { ContextValues } from '../context-values.js';
import { correlationIdOf, httpRequestOf, ipOf, routePatternOf, userAgentOf } from './origin.js';

/** A handler by its class and method; every ExecutionContext is one. */
export interface HandlerReference {
  getClass(): { readonly name: string };
  getHandler(): { readonly name: string };
}

/**
 * The subject of a context: a request and, once Nest has chosen it, a handler. Both are read when
 * something asks for it, because most requests write nothing.
 */
export class Execution {
  private correlationId: string | undefined;
  private told: ContextValues | null = null;

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
    if (request !== this.request || (handler && handler !== this.handler)) {
      this.told = null;
    }
    this.request = request;
    this.handler = handler ?? this.handler;
  }

  /** Remembered from the handler on; before, Express does not know the route. */
  values(): ContextValues {
    if (this.told) {
      return this.told;
    }
    const request = httpRequestOf(this.request);
    const isCall = this.source === 'http';
    this.correlationId ??= isCall && request ? correlationIdOf(request.headers) : randomUUID();
    const values: ContextValues = {
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
    this.told = this.handler ? values : null;
    return values;
  }

  /** The differences of one of several handlers of the same request. */
  handlerValues(): ContextValues {
    return { ...this.action(), origin: this.handlerOrigin() };
  }

  /** The name of the handler, also in records made when it did not get to run. */
  private action(): ContextValues {
    const action = this.handler ? actionOf(this.handler.getHandler()) : null;
    return action === null ? {} : { action };
  }

  private handlerOrigin() {
    const { source, handler } = this;
    return { source, handler: handler ? `${handler.getClass().name}.${handler.getHandler().name}` : null };
  }
}

const ACTION = Symbol('nestjs-mikro-audit:action');

/** Notes on a method which action it is. */
export function markAction<Method extends object>(method: Method, action: string): Method {
  return Object.defineProperty(method, ACTION, { value: action, configurable: true });
}

/** The action that a method was given; null for one without. */
export function actionOf(method: object): string | null {
  return (method as { readonly [ACTION]?: string })[ACTION] ?? null;
}

/** The value that an operation of GraphQL passes to its resolvers, as drivers for Express and for Fastify make it. */
interface GraphqlContext {
  readonly req?: unknown;
  readonly request?: unknown;
}

/** The request of a transport, as ActorSource describes it. */
export function requestOf(execution: ExecutionContext): unknown {
  switch (execution.getType<string>()) {
    case 'graphql': {
      const [, , context] = execution.getArgs<[unknown, unknown, GraphqlContext | undefined]>();
      return context?.req ?? context?.request ?? context;
    }
    case 'rpc': {
      const [data, context] = execution.getArgs<[unknown, unknown]>();
      return { data, context };
    }
    default:
      return execution.getArgByIndex(0);
  }
}

/**
 * Whether a handler works inside the context that the middleware has opened. The messages of other transports are
 * requests of their own; a context that runs there is one that a long-lived connection has kept.
 */
export function sharesHttpContext(source: string): boolean {
  return source === 'http' || source === 'graphql';
}
