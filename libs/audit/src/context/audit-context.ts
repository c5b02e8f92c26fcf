import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import { NoAuditContextError } from '../errors/context-errors.js';
import type { Actor } from '../model/actor.js';
import { ContextScope } from './context-scope.js';
import type { ContextValues, CurrentContext } from './context-values.js';

/**
 * Who acts, why and from where, for everything that runs inside. Carried by AsyncLocalStorage, so it follows
 * promises, timers and streams, and parallel requests never share one.
 */
@Injectable()
export class AuditContext {
  private readonly storage = new AsyncLocalStorage<ContextScope>();

  /**
   * Runs `fn` with these values; inside another context they override it, key by key, and end with `fn`.
   * An actor that is not given here is that of the outer context.
   */
  run<T>(values: ContextValues, fn: () => T): T {
    return this.enter(new ContextScope(this.storage.getStore(), values), fn);
  }

  /**
   * Adds values to the running context, from here on.
   * @throws NoAuditContextError outside any context
   */
  assign(values: ContextValues): void {
    const scope = this.storage.getStore();
    if (!scope) {
      throw new NoAuditContextError();
    }
    scope.assign(values);
  }

  /** What is known now; null outside any context. The actor is null as long as no audited write needed it. */
  current(): CurrentContext | null {
    return this.storage.getStore()?.current() ?? null;
  }

  /**
   * The actor, resolved now if it has not been; null when there is none.
   * @throws ActorResolutionError when the `actor` option fails
   */
  async actor(): Promise<Actor | null> {
    return (await this.storage.getStore()?.actor()) ?? null;
  }

  /** @internal */
  enter<T>(scope: ContextScope, fn: () => T): T {
    return this.storage.run(scope, fn);
  }

  /** @internal */
  scope(): ContextScope | undefined {
    return this.storage.getStore();
  }
}
