import { Inject, Injectable, type NestMiddleware } from '@nestjs/common';
import { RESOLVED_OPTIONS, type ResolvedAuditOptions } from '../options/audit-options.js';
import { AuditContext } from './audit-context.js';
import { ContextScope } from './context-scope.js';
import { correlationIdOf, type HttpRequest, ipOf, userAgentOf } from './request-origin.js';

/** Opens the context of an HTTP request before guards run, so that what they write has one too. */
@Injectable()
export class AuditContextMiddleware implements NestMiddleware {
  constructor(
    @Inject(AuditContext) private readonly context: AuditContext,
    @Inject(RESOLVED_OPTIONS) private readonly options: ResolvedAuditOptions,
  ) {}

  use(request: HttpRequest, _response: unknown, next: () => void): void {
    const values = {
      correlationId: correlationIdOf(request.headers),
      origin: {
        source: 'http',
        ip: ipOf(request),
        userAgent: userAgentOf(request.headers),
        method: request.method?.toUpperCase() ?? null,
      },
    };
    const scope = new ContextScope(undefined, values, this.options.actor);
    scope.bindRequest(request);
    this.context.enter(scope, next);
  }
}
