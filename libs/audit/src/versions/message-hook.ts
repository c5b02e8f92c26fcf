import type { ExecutionContext } from '@nestjs/common';
import type { Observable } from 'rxjs';

/** Runs around the guards, interceptors and handler of a message. */
export type MessageHook = (
  execution: ExecutionContext,
  next: () => Observable<unknown>,
) => Observable<unknown>;

/** The `ApplicationConfig` of Nest; that of Nest 11 has no such hooks. */
interface HookedConfig {
  registerPreRequestHook?(hook: MessageHook): void;
}

/**
 * Has a hook run around everything of a message of a microservice. On Nest 11 the context of a message opens with the first
 * interceptor instead, after its guards.
 */
export function aroundMessages(config: object, hook: MessageHook): void {
  (config as HookedConfig).registerPreRequestHook?.(hook);
}
