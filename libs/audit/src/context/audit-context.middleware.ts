import { Inject, Injectable, type NestMiddleware } from '@nestjs/common';
import { RESOLVED_OPTIONS, type ResolvedAuditOptions } from '../options/audit-options.js';
import { AuditContext } from './audit-context.js';
import { ContextScope } from './context-scope.js';
import { Execution } from './execution.js';

/** Opens the context of an HTTP request before guards run, so that what they write has one too. */
@Injectable()
export class AuditContextMiddleware implements NestMiddleware {
  constructor(
    @Inject(AuditContext) private readonly context: AuditContext,
    @Inject(RESOLVED_OPTIONS) private readonly options: ResolvedAuditOptions,
  ) {}

  use(request: unknown, _response: unknown, next: () => void): void {
    const execution = new Execution('http', request);
    this.context.enter(new ContextScope(undefined, {}, execution, this.options.actor), next);
  }
}
