import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import { Observable } from 'rxjs';
import { RESOLVED_OPTIONS, type ResolvedAuditOptions } from '../../options/audit-options.js';
import { AuditContext } from '../audit-context.js';
import { ContextScope, NO_VALUES } from '../scope.js';
import { Execution, requestOf, sharesHttpContext } from './execution.js';

/**
 * Opens the context of a handler where no middleware did: messages of other transports, and each resolver of a
 * GraphQL operation inside the context of its request. AuditModule gives it to all of them; handlers that are called
 * in another way can be given it by `@UseInterceptors(AuditContextInterceptor)`.
 */
@Injectable()
export class AuditContextInterceptor implements NestInterceptor {
  /** The arguments of the calls that have one, because it may be asked for twice. */
  private readonly opened = new WeakSet<readonly unknown[]>();

  constructor(
    @Inject(AuditContext) private readonly context: AuditContext,
    @Inject(RESOLVED_OPTIONS) private readonly options: ResolvedAuditOptions,
  ) {}

  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    return this.open(execution, () => next.handle());
  }

  /**
   * Runs the rest of a call in its context.
   * @internal
   */
  open(execution: ExecutionContext, proceed: () => Observable<unknown>): Observable<unknown> {
    const source = execution.getType<string>();
    const request = requestOf(execution);
    const running = sharesHttpContext(source) ? this.context.resume(request) : undefined;
    const call = execution.getArgs();
    if (this.opened.has(call) || (running && source === 'http')) {
      return proceed();
    }
    this.opened.add(call);
    const opened = new ContextScope(
      running,
      NO_VALUES,
      new Execution(source, request, execution),
      running ? undefined : this.options.actor,
    );
    // The handler runs when the observable is subscribed to, which is after this method has returned.
    return new Observable((subscriber) => this.context.enter(opened, () => proceed().subscribe(subscriber)));
  }
}
