import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import { Observable } from 'rxjs';
import { RESOLVED_OPTIONS, type ResolvedAuditOptions } from '../../options/audit-options.js';
import { ContextScope, NO_VALUES, runInScope, runningScope } from '../scope.js';
import { Execution, requestOf, sharesHttpContext } from './execution.js';
import { scopeOf } from './request-scope.js';

/**
 * Runs the handler of every transport, with its pipes, inside the context of its request: HTTP routes in the one that the
 * middleware has opened, each resolver of a GraphQL operation in one inside it, and messages of other transports in one of
 * their own. It comes after the guards, so from here on the context knows the authenticated user, the handler and the
 * route. AuditModule gives it to all handlers; those that are called in another way can be given it by
 * `@UseInterceptors(AuditContextInterceptor)`.
 */
@Injectable()
export class AuditContextInterceptor implements NestInterceptor {
  /** The arguments of the calls that have one, because it may be asked for twice. */
  private readonly opened = new WeakSet<readonly unknown[]>();

  constructor(@Inject(RESOLVED_OPTIONS) private readonly options: ResolvedAuditOptions) {}

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
    const outer = sharesHttpContext(source) ? scopeOf(request) : undefined;
    outer?.reconsiderActor();
    if (outer && source === 'http') {
      outer.bind(request, execution);
      return outer === runningScope.getStore() ? proceed() : within(outer, proceed);
    }
    const call = execution.getArgs();
    if (this.opened.has(call)) {
      return proceed();
    }
    this.opened.add(call);
    const resolver = outer ? undefined : this.options.resolveActor;
    return within(
      new ContextScope(outer, NO_VALUES, new Execution(source, request, execution), resolver),
      proceed,
    );
  }
}

/** The handler runs when the observable is subscribed to, which is after the interceptor has returned. */
function within(scope: ContextScope, proceed: () => Observable<unknown>): Observable<unknown> {
  return new Observable((subscriber) => runInScope(scope, () => proceed().subscribe(subscriber)));
}
