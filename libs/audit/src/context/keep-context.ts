import { AsyncLocalStorage } from 'node:async_hooks';
import { type MonoTypeOperatorFunction, Observable } from 'rxjs';

/**
 * RxJS operator: what comes after it runs in the context of the subscriber, not of who emits. To be put behind what
 * several requests share (a Subject, `share()`, `shareReplay()`), because RxJS runs operators wherever the value comes
 * from. It keeps whatever AsyncLocalStorage carries, MikroORM's request context too.
 */
export function keepContext<T>(): MonoTypeOperatorFunction<T> {
  return (source) =>
    new Observable((subscriber) => {
      const inContext = AsyncLocalStorage.snapshot();
      return source.subscribe({
        next: (value) => inContext(() => subscriber.next(value)),
        error: (error: unknown) => inContext(() => subscriber.error(error)),
        complete: () => inContext(() => subscriber.complete()),
      });
    });
}
