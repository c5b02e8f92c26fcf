import type { ContextScope } from '../scope.js';

/** On the request itself: a WeakMap of all requests costs the garbage collector more than all else of a context. */
const SCOPE = Symbol('nestjs-mikro-audit:scope');

interface ScopedRequest {
  [SCOPE]?: ContextScope;
  /** What Fastify has wrapped. */
  readonly raw?: ScopedRequest;
}

/** Notes which context was opened for a request. */
export function keepScope(request: object, scope: ContextScope): void {
  (request as ScopedRequest)[SCOPE] = scope;
}

/**
 * The context that was opened for a request, whatever is running now.
 * @param request of Express, of Fastify or the raw one of Node
 */
export function scopeOfRequest(request: unknown): ContextScope | undefined {
  const scoped = request as ScopedRequest | null | undefined;
  return scoped?.[SCOPE] ?? scoped?.raw?.[SCOPE];
}
