import { isObservable, Observable } from 'rxjs';
import type { ContextScope } from './context-scope.js';
import { runningScope } from './running-scope.js';

/** Runs a function in a scope. An Observable that it returns does its work in there too, whenever it is subscribed to. */
export function runScoped<T>(scope: ContextScope, fn: () => T): T {
  const result = runningScope.run(scope, fn);
  if (!isObservable(result)) {
    return result;
  }
  const scoped = new Observable((subscriber) => runningScope.run(scope, () => result.subscribe(subscriber)));
  return scoped as T;
}
