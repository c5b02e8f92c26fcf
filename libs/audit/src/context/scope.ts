import { AsyncLocalStorage } from 'node:async_hooks';
import { isObservable, Observable } from 'rxjs';
import type { Actor } from '../model/actor.js';
import { ActorResolution, type ActorResolver, type Identity, identity, type Principal } from './actor.js';
import {
  type ContextValues,
  type CurrentContext,
  EMPTY_ORIGIN,
  mergeValues,
  NO_READERS,
  type RequestReaders,
} from './context-values.js';
import { withKnownActors } from './known-actor.js';
import { PresentContext } from './present-context.js';
import type { Execution, HandlerReference } from './request/execution.js';

/** For a scope that was opened for a request, which tells everything itself. */
export const NO_VALUES: ContextValues = Object.freeze({});

/** One call of `withoutAuditing()`, and what was written in it. */
export class Suspension {
  /** False once the call is over: what it has left running is audited again. */
  active = true;
  private readonly flushed = new Map<string, number>();

  /** @param entityTypes of the entities of one flush that left no trace */
  note(entityTypes: Iterable<string>): void {
    for (const entityType of entityTypes) {
      this.flushed.set(entityType, (this.flushed.get(entityType) ?? 0) + 1);
    }
  }

  /** How many entities left no trace, by type. */
  get unaudited(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.flushed);
  }
}

/** Rules that hold in a scope, and in those inside it. */
export interface ScopeRules {
  /** The action that must have a reason. */
  readonly needsReason?: string;
  /** Nothing is audited while it is active. */
  readonly suspension?: Suspension;
}

/** The records of looks at entities, by the trail that has them and the name of the entity. */
type Looks = WeakMap<object, Map<string, unknown>>;

/** One running context: the values of a request or of an `AuditContext.run()`. */
export class ContextScope {
  private values: ContextValues;
  private resolution: ActorResolution | null = null;
  private rules: ScopeRules = NO_RULES;
  private ownLooks: Looks | null = null;

  /**
   * @param outer the scope this one is nested in; its values hold where this one gives none
   * @param execution the request it was opened for; its values hold where none are given
   * @param resolver tells the actor from the request when no value does; undefined outside a request
   */
  constructor(
    private readonly outer: ContextScope | undefined,
    values: ContextValues,
    private readonly execution?: Execution,
    private readonly resolver?: ActorResolver,
  ) {
    this.values = withKnownActors(values);
  }

  /** A scope outside any request of its own. */
  static within(outer: ContextScope | undefined, values: ContextValues, rules: ScopeRules): ContextScope {
    const scope = new ContextScope(outer, values);
    scope.rules = rules;
    return scope;
  }

  /** See Execution, of the nearest one; nothing outside a request. */
  bind(request: unknown, handler?: HandlerReference): void {
    if (this.execution) {
      this.execution.bind(request, handler);
    } else {
      this.outer?.bind(request, handler);
    }
  }

  /** For the interceptor, see ActorResolution. */
  reconsiderActor(): void {
    if (this.resolver) {
      this.resolution?.reconsider();
    } else {
      this.outer?.reconsiderActor();
    }
  }

  /** True for the scope itself and those inside it. */
  isWithin(scope: ContextScope): boolean {
    return this === scope || (this.outer?.isWithin(scope) ?? false);
  }

  assign(values: ContextValues): void {
    this.values = mergeValues(this.values, withKnownActors(values));
  }

  /** The context now. The resolver is asked when somebody reads the actor: most who look want something else. */
  current(readers: RequestReaders = NO_READERS): CurrentContext {
    const values = this.merged();
    const others = this.withoutActor(values, readers);
    if (values.actor) {
      return { ...others, ...identity(values, null) };
    }
    return new PresentContext(others, () => identity(values, this.presentPrincipal()));
  }

  /**
   * The context with its actor, as it is written; a promise only where the resolver gives one.
   * @throws ActorResolutionError when the resolver fails or gives something else than an actor
   */
  resolved(readers: RequestReaders = NO_READERS): CurrentContext | Promise<CurrentContext> {
    const values = this.merged();
    const principal = values.actor ? null : this.principal();
    return principal instanceof Promise
      ? principal.then((answer) => this.complete(this.merged(), answer, readers))
      : this.complete(values, principal, readers);
  }

  /** @throws ActorResolutionError when the resolver fails or gives something else than an actor */
  async actor(): Promise<Actor | null> {
    return this.merged().actor ?? (await this.principal())?.actor ?? null;
  }

  /** The action that must have a reason here; null when none must. */
  get needsReason(): string | null {
    return this.rules.needsReason ?? this.outer?.needsReason ?? null;
  }

  /** The innermost suspension that is still going on; null when everything is audited. */
  get suspension(): Suspension | null {
    const { suspension } = this.rules;
    return suspension?.active ? suspension : (this.outer?.suspension ?? null);
  }

  /** The nearest request; undefined outside any. */
  get nearestRequest(): unknown {
    return this.execution?.request ?? this.outer?.nearestRequest;
  }

  /** The records of looks taken here: one for each request, and for each scope with an actor of its own. */
  get looks(): Looks {
    if (this.outer && !this.values.actor && !this.resolver) {
      return this.outer.looks;
    }
    this.ownLooks ??= new WeakMap();
    return this.ownLooks;
  }

  private merged(): ContextValues {
    if (this.outer) {
      const outer = this.outer.merged();
      const base = this.execution ? mergeValues(outer, this.execution.handlerValues()) : outer;
      return mergeValues(base, this.values);
    }
    if (!this.execution) {
      return this.values;
    }
    // Most requests assign nothing.
    return this.values === NO_VALUES
      ? this.execution.values()
      : mergeValues(this.execution.values(), this.values);
  }

  private principal(): Principal | null | Promise<Principal | null> {
    return this.nearestResolution()?.principal() ?? null;
  }

  private presentPrincipal(): Principal | null {
    return this.nearestResolution()?.present() ?? null;
  }

  private nearestResolution(): ActorResolution | null {
    const { resolver } = this;
    if (!resolver) {
      return this.outer?.nearestResolution() ?? null;
    }
    this.resolution ??= new ActorResolution(() => this.ask(resolver));
    return this.resolution;
  }

  /** In a scope where nobody is known: a resolver that reads or writes what is audited would wait for itself. */
  private ask(resolver: ActorResolver): ReturnType<ActorResolver> {
    const { source = null, request } = this.execution ?? {};
    const asking = new ContextScope(this, NO_VALUES, undefined, NOBODY);
    return runningScope.run(asking, () => resolver({ source, request }));
  }

  private complete(
    values: ContextValues,
    principal: Principal | null,
    readers: RequestReaders,
  ): CurrentContext {
    return { ...identity(values, principal), ...this.withoutActor(values, readers) };
  }

  private withoutActor(values: ContextValues, readers: RequestReaders): Omit<CurrentContext, keyof Identity> {
    const request = this.nearestRequest;
    const trace = readers.trace(request);
    return {
      action: values.action ?? null,
      reason: values.reason ?? readers.reason(request),
      origin: values.origin ? { ...EMPTY_ORIGIN, ...values.origin } : null,
      correlationId: values.correlationId ?? null,
      traceId: trace?.traceId ?? null,
      spanId: trace?.spanId ?? null,
      metadata: values.metadata ?? null,
      restoredRevisionId: values.restoredRevisionId ?? null,
    };
  }
}

const NOBODY: ActorResolver = () => null;
const NO_RULES: ScopeRules = Object.freeze({});

/**
 * The scope in which the code that asks is running. One for the process and not one per module, because decorators on
 * methods have to find it, and nothing can be injected into those.
 */
export const runningScope = new AsyncLocalStorage<ContextScope>();

/** Runs a function in a scope. An Observable that it returns does its work in there too, whenever it is subscribed to. */
export function runScoped<T>(scope: ContextScope, fn: () => T): T {
  const result = runningScope.run(scope, fn);
  if (!isObservable(result)) {
    return result;
  }
  const scoped = new Observable((subscriber) => runningScope.run(scope, () => result.subscribe(subscriber)));
  return scoped as T;
}

/** Runs a callback in a scope; where there is none, or it runs already, as it is. */
export function runInScope<T>(scope: ContextScope | undefined, fn: () => T): T {
  return scope === undefined || scope === runningScope.getStore() ? fn() : runningScope.run(scope, fn);
}
