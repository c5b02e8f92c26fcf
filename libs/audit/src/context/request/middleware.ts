import { Inject, Injectable, type NestMiddleware } from '@nestjs/common';
import { RESOLVED_OPTIONS, type ResolvedAuditOptions } from '../../options/audit-options.js';
import { AuditContext } from '../audit-context.js';
import { ContextScope, NO_VALUES } from '../scope.js';
import { Execution } from './execution.js';
import { keepScope } from './request-scope.js';

/** Opens the context of an HTTP request before guards run, so that what they write has one too. */
@Injectable()
export class AuditContextMiddleware implements NestMiddleware {
  constructor(
    @Inject(AuditContext) private readonly context: AuditContext,
    @Inject(RESOLVED_OPTIONS) private readonly options: ResolvedAuditOptions,
  ) {}

  use(request: object, _response: unknown, next: () => void): void {
    const scope = new ContextScope(undefined, NO_VALUES, new Execution('http', request), this.options.actor);
    keepScope(request, scope);
    this.context.enter(scope, next);
  }
}
