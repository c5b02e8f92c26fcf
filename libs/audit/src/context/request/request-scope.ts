import { type ContextScope, runningScope } from '../scope.js';

/** On the request itself: a WeakMap of all requests costs the garbage collector more than all else of a context. */
const SCOPE = Symbol('nestjs-mikro-audit:scope');

interface ScopedRequest {
  [SCOPE]?: ContextScope;
  /** The request that Fastify has wrapped. */
  readonly raw?: ScopedRequest;
}

/** Notes which context was opened for a request. */
export function keepScope(request: object, scope: ContextScope): void {
  (request as ScopedRequest)[SCOPE] = scope;
}

/**
 * The scope that work for a request belongs in: the running one when it is the request's, or inside it, else the
 * request's own. A middleware that calls `next()` from a callback of something shared, such as a pool, has left the
 * context that was opened for it, and may run in that of another request.
 * @param request of Express, of Fastify or the raw one of Node
 * @returns the running scope for a request that has none of its own
 */
export function scopeOf(request: unknown): ContextScope | undefined {
  const running = runningScope.getStore();
  const scoped = request as ScopedRequest | null | undefined;
  const own = scoped?.[SCOPE] ?? scoped?.raw?.[SCOPE];
  return own === undefined || running?.isWithin(own) ? running : own;
}
