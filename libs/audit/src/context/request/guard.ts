import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { AuditContext } from '../audit-context.js';
import { requestOf, sharesHttpContext } from './execution.js';

/**
 * Lets everything through. Adds to the context of the request what Nest knows now, so that also the guards after it have
 * it: the handler, and the request on which they put the user.
 */
@Injectable()
export class AuditContextGuard implements CanActivate {
  constructor(@Inject(AuditContext) private readonly context: AuditContext) {}

  canActivate(execution: ExecutionContext): boolean {
    const source = execution.getType<string>();
    if (sharesHttpContext(source)) {
      const request = requestOf(execution);
      this.context.resume(request)?.bind(request, source === 'http' ? execution : undefined);
    }
    return true;
  }
}
