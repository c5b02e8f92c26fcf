import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { traceparentIds } from '../trace.js';

/** The common part of Express and Fastify requests, and of the raw request under both. */
export interface HttpRequest {
  readonly method?: string;
  readonly headers: IncomingHttpHeaders;
  /** Given by Express and Fastify; honors their own trusted-proxy setting. */
  readonly ip?: string;
  readonly socket?: { readonly remoteAddress?: string };
}

const REQUEST_ID = /^[\w.:/+=@-]{1,128}$/;
const MAX_USER_AGENT = 512;

/**
 * The id of the request: `x-request-id`, else the trace id of `traceparent`, else a fresh UUID. Headers are
 * client input: what does not look like an id is not taken.
 */
export function correlationIdOf(headers: IncomingHttpHeaders): string {
  const requestId = headers['x-request-id'];
  if (typeof requestId === 'string' && REQUEST_ID.test(requestId)) {
    return requestId;
  }
  return traceparentIds(headers.traceparent)?.traceId ?? randomUUID();
}

/** Null when it is no address. Forwarded headers count only where the HTTP framework was told to trust them. */
export function ipOf(request: HttpRequest): string | null {
  const address = request.ip ?? request.socket?.remoteAddress ?? '';
  const plain = address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
  return isIP(plain) === 0 ? null : plain;
}

/** Bounded, without control and bidirectional formatting characters; null when there is none. */
export function userAgentOf(headers: IncomingHttpHeaders): string | null {
  const agent = headers['user-agent'];
  return agent === undefined
    ? null
    : agent
        .slice(0, MAX_USER_AGENT)
        .toWellFormed()
        .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ');
}

/** Where Express (`route.path`) and Fastify (`routeOptions.url`) keep the pattern; null when neither has one. */
export function routePatternOf(request: object): string | null {
  const { route, routeOptions } = request as {
    readonly route?: { readonly path?: unknown };
    readonly routeOptions?: { readonly url?: unknown };
  };
  const pattern = route?.path ?? routeOptions?.url;
  return typeof pattern === 'string' ? pattern : null;
}

/**
 * The HTTP request that a request of any transport is, or came by: socket.io keeps the one that opened a socket in
 * `client.request`. Null when there is none.
 */
export function httpRequestOf(request: unknown): HttpRequest | null {
  if (isHttpRequest(request)) {
    return request;
  }
  const opened = (request as { readonly request?: unknown } | null | undefined)?.request;
  return isHttpRequest(opened) ? opened : null;
}

function isHttpRequest(value: unknown): value is HttpRequest {
  return typeof value === 'object' && value !== null && 'headers' in value && 'method' in value;
}
