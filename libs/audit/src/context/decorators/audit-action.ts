import { AuditConfigurationError } from '../../errors/configuration-error.js';
import { markAction } from '../request/execution.js';
import { ContextScope, runningScope, runScoped } from '../scope.js';

/** Options of `@AuditAction()`. */
export interface AuditActionOptions {
  /**
   * Refuse every audited write in the method for which no reason was given by then, before any SQL, with
   * MissingReasonError.
   * @default false
   */
  readonly requireReason?: boolean;
}

/** Signature of a decorator that works as a legacy (`experimentalDecorators`) and as a TC39 decorator, on methods. */
export type MethodSiteDecorator = (
  target: object,
  context: string | symbol | object,
  descriptor?: unknown,
) => void;

type AnyMethod = (this: unknown, ...args: unknown[]) => unknown;

/**
 * Names what a method does, for everything that is written while it runs: a handler or any method of a provider,
 * synchronous, asynchronous or with an Observable. It opens a context where there is none. Within a named method another
 * one has its own name.
 * @param action business intent, such as `work-order.close`
 * @throws AuditConfigurationError on anything but a method, and for an unknown option
 */
export function AuditAction(action: string, options: AuditActionOptions = {}): MethodSiteDecorator {
  assertOptions(action, options);
  const needsReason = options.requireReason === true;
  const wrap = (method: AnyMethod): AnyMethod => {
    // A method of an object, unlike a function expression, is no constructor.
    const { wrapped } = {
      wrapped(this: unknown, ...args: unknown[]): unknown {
        const rules = needsReason ? { needsReason: action } : {};
        const scope = ContextScope.within(runningScope.getStore(), { action }, rules);
        return runScoped(scope, () => method.apply(this, args));
      },
    };
    return copyMetadata(method, wrapped, action);
  };
  return (target, context, descriptor) => {
    const isTc39 = typeof context === 'object';
    const legacy = descriptor as { value?: unknown } | undefined;
    const method = isTc39 ? target : legacy?.value;
    if (typeof method !== 'function' || (isTc39 && (context as { kind?: unknown }).kind !== 'method')) {
      throw new AuditConfigurationError(
        `@AuditAction('${action}') does not stand on a method.`,
        'Put it on a handler or on a method of a provider.',
      );
    }
    const wrapped = wrap(method as AnyMethod);
    if (legacy) {
      legacy.value = wrapped;
    }
    // The result of a TC39 decorator replaces the method; a legacy one has said it in the descriptor.
    return isTc39 ? wrapped : undefined;
  };
}

/** Nest keeps routes, guards and pipes on the function: decorators below this one have put them on the inner one. */
function copyMetadata(from: AnyMethod, to: AnyMethod, action: string): AnyMethod {
  const { getOwnMetadataKeys, getOwnMetadata, defineMetadata } = Reflect as ReflectMetadata;
  for (const key of getOwnMetadataKeys?.(from) ?? []) {
    defineMetadata?.(key, getOwnMetadata?.(key, from), to);
  }
  // Name and length included: the name of the handler is part of the origin.
  Object.defineProperties(to, Object.getOwnPropertyDescriptors(from));
  return markAction(to, action);
}

/** The methods that reflect-metadata adds to `Reflect`; absent in an app that only uses TC39 decorators. */
interface ReflectMetadata {
  readonly getOwnMetadataKeys?: (target: object) => unknown[];
  readonly getOwnMetadata?: (key: unknown, target: object) => unknown;
  readonly defineMetadata?: (key: unknown, value: unknown, target: object) => void;
}

function assertOptions(action: unknown, options: AuditActionOptions): void {
  if (typeof action !== 'string' || action === '') {
    throw new AuditConfigurationError(
      '@AuditAction() has no action.',
      "Give it one: @AuditAction('invoice.approve').",
    );
  }
  for (const [key, value] of Object.entries(options)) {
    if (key !== 'requireReason' || !['boolean', 'undefined'].includes(typeof value)) {
      throw new AuditConfigurationError(
        `The option "${key}" of @AuditAction('${action}') does not exist or has a value it cannot have.`,
        'Give it { requireReason: true } or nothing.',
      );
    }
  }
}
