import { randomUUID } from 'node:crypto';
import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import { Observable } from 'rxjs';
import { RESOLVED_OPTIONS, type ResolvedAuditOptions } from '../options/audit-options.js';
import { AuditContext } from './audit-context.js';
import { ContextScope } from './context-scope.js';
import type { ContextValues } from './context-values.js';
import { ipOf, isHttpRequest } from './request-origin.js';

/**
 * Adds what is known once Nest has chosen a handler: its name and route pattern. Where no middleware ran (other
 * transports, or an app that excludes it) it opens the context itself.
 */
@Injectable()
export class AuditContextInterceptor implements NestInterceptor {
  constructor(
    @Inject(AuditContext) private readonly context: AuditContext,
    @Inject(RESOLVED_OPTIONS) private readonly options: ResolvedAuditOptions,
  ) {}

  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    const source = execution.getType();
    const request: unknown =
      source === 'http' ? execution.switchToHttp().getRequest() : execution.getArgByIndex(0);
    const origin = { source, handler: `${execution.getClass().name}.${execution.getHandler().name}` };
    const values: ContextValues = {
      origin: isHttpRequest(request)
        ? { ...origin, route: routePatternOf(request), ip: ipOf(request) }
        : origin,
    };
    const running = this.context.scope();
    if (running) {
      running.assign(values);
      running.bindRequest(request);
      return next.handle();
    }
    const opened = new ContextScope(
      undefined,
      { correlationId: randomUUID(), ...values },
      this.options.actor,
    );
    opened.bindRequest(request);
    // The handler runs when the observable is subscribed to, which is after this method has returned.
    return new Observable((subscriber) =>
      this.context.enter(opened, () => next.handle().subscribe(subscriber)),
    );
  }
}

/** Where Express (`route.path`) and Fastify (`routeOptions.url`) keep the pattern; null when neither has one. */
function routePatternOf(request: object): string | null {
  const { route, routeOptions } = request as {
    readonly route?: { readonly path?: unknown };
    readonly routeOptions?: { readonly url?: unknown };
  };
  const pattern = route?.path ?? routeOptions?.url;
  return typeof pattern === 'string' ? pattern : null;
}
