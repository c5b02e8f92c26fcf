import { Inject, Injectable, type NestMiddleware } from '@nestjs/common';
import { RESOLVED_OPTIONS, type ResolvedAuditOptions } from '../../options/audit-options.js';
import { ContextScope, NO_VALUES, runInScope } from '../scope.js';
import { Execution } from './execution.js';
import { keepScope, scopeOf } from './request-scope.js';

/** Opens the context of an HTTP request before guards run, so that what they write has one too. */
@Injectable()
export class AuditContextMiddleware implements NestMiddleware {
  constructor(@Inject(RESOLVED_OPTIONS) private readonly options: ResolvedAuditOptions) {}

  use(request: object, _response: unknown, next: () => void): void {
    const scope = new ContextScope(
      undefined,
      NO_VALUES,
      new Execution('http', request),
      this.options.resolveActor,
    );
    keepScope(request, scope);
    runInScope(scope, next);
  }
}

/**
 * A `preHandler` hook of Fastify. Fastify reads bodies between its middleware and its handlers, in callbacks of the
 * socket that are outside of any context; the hook is a function around guards, handler, filters and answer.
 */
export function returnToContext(request: object, _reply: unknown, done: () => void): void {
  runInScope(scopeOf(request), done);
}
