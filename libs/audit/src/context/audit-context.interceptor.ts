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
import { Execution } from './execution.js';
import { requestOf, sharesHttpContext } from './execution-request.js';

/**
 * Opens the context of a handler where no middleware did: messages of other transports, and each resolver of a
 * GraphQL operation inside the context of its request.
 */
@Injectable()
export class AuditContextInterceptor implements NestInterceptor {
  constructor(
    @Inject(AuditContext) private readonly context: AuditContext,
    @Inject(RESOLVED_OPTIONS) private readonly options: ResolvedAuditOptions,
  ) {}

  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    const source = execution.getType<string>();
    const running = sharesHttpContext(source) ? this.context.scope() : undefined;
    if (running && source === 'http') {
      return next.handle();
    }
    const opened = new ContextScope(
      running,
      {},
      new Execution(source, requestOf(execution), execution),
      running ? undefined : this.options.actor,
    );
    // The handler runs when the observable is subscribed to, which is after this method has returned.
    return new Observable((subscriber) =>
      this.context.enter(opened, () => next.handle().subscribe(subscriber)),
    );
  }
}
