import { executionAsyncResource } from 'node:async_hooks';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { type ContextScope, runningScope } from '../scope.js';
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
        enter(scope);
      }
    }
    return true;
  }
}

/**
 * For requests of Express that a middleware has taken out of their context: nothing there runs around guards and exception
 * filters, so there is no function to run in the scope. It has to be entered before the guard returns, because only then do
 * the promises of the router carry it on. The rest of the callback that called `next()` is in the scope, too.
 */
function enter(scope: ContextScope): void {
  keepStoreOfResource();
  runningScope.enterWith(scope);
}

const kept = new WeakSet<object>();

/**
 * Node 22 keeps the store on the resource whose callback runs, such as the socket of a pool, where all its later callbacks
 * would find it. This puts back what was there when the callback has returned. Later versions of Node have no such store.
 */
function keepStoreOfResource(): void {
  const key: unknown = Reflect.get(runningScope, 'kResourceStore');
  const resource = executionAsyncResource();
  if (typeof key !== 'symbol' || kept.has(resource)) {
    return;
  }
  const store: unknown = Reflect.get(resource, key);
  kept.add(resource);
  queueMicrotask(() => {
    kept.delete(resource);
    Reflect.set(resource, key, store);
  });
}
