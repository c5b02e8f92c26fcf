import { AsyncLocalStorage } from 'node:async_hooks';
import type { ContextScope } from './context-scope.js';

/**
 * The scope in which the code that asks is running. One for the process and not one per module, because decorators on
 * methods have to find it, and nothing can be injected into those.
 */
export const runningScope = new AsyncLocalStorage<ContextScope>();
