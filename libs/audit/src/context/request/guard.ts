import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { runningScope } from '../scope.js';
import { requestOf, sharesHttpContext } from './execution.js';
import { scopeOf } from './request-scope.js';

/**
 * Lets everything through. Adds to the context of the request what Nest knows now, so that also the guards after it have
 * it: the handler, and the request on which they put the user.
 */
@Injectable()
export class AuditContextGuard implements CanActivate {
  canActivate(execution: ExecutionContext): boolean {
    const source = execution.getType<string>();
    if (sharesHttpContext(source)) {
      const request = requestOf(execution);
      const scope = scopeOf(request);
      scope?.bind(request, source === 'http' ? execution : undefined);
      if (scope && scope !== runningScope.getStore()) {
        // Express has nothing that runs around guards and exception filters, so there is no function to run in the scope.
        // This is synchronous, because only then do the promises of the router carry it on. The interceptor needs none of it.
        runningScope.enterWith(scope);
      }
    }
    return true;
  }
}
