import type { Actor } from '../model/actor.js';
import type { Origin } from '../model/revision.js';
import { ActorResolution, type Principal } from './actor-resolution.js';
import type { ActorResolver } from './actor-resolver.js';
import type { ContextValues, CurrentContext } from './context-values.js';
import type { Execution, HandlerReference } from './execution.js';
import type { Suspension } from './suspension.js';

/** Of a scope that was opened for a request, which tells all. */
export const NO_VALUES: ContextValues = Object.freeze({});

/** What else holds in a scope, and in those inside it. */
export interface ScopeRules {
  /** The action that must have a reason. */
  readonly needsReason?: string;
  /** Nothing is audited while it is active. */
  readonly suspension?: Suspension;
}

/** One running context: the values of a request or of an `AuditContext.run()`. */
export class ContextScope {
  private readonly resolution: ActorResolution | null;
  private rules: ScopeRules = NO_RULES;
  private seen: Set<string> | null = null;

  /**
   * @param outer the scope this one is nested in; its values hold where this one gives none
   * @param execution the request it was opened for; its values hold where none are given
   * @param resolver tells the actor from the request when no value does; undefined outside a request
   */
  constructor(
    private readonly outer: ContextScope | undefined,
    private values: ContextValues,
    private readonly execution?: Execution,
    resolver?: ActorResolver,
  ) {
    this.resolution = resolver ? new ActorResolution(resolver) : null;
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

  /** True for the scope itself and those inside it. */
  isWithin(scope: ContextScope): boolean {
    return this === scope || (this.outer?.isWithin(scope) ?? false);
  }

  assign(values: ContextValues): void {
    this.values = mergeValues(this.values, values);
  }

  current(): CurrentContext {
    const values = this.merged();
    // What a resolver says of the actor of the request does not hold for another actor.
    const principal = values.actor ? null : this.principal();
    return {
      actor: values.actor ?? principal?.actor ?? null,
      onBehalfOf: values.onBehalfOf ?? principal?.onBehalfOf ?? null,
      authenticationMethod: values.authenticationMethod ?? principal?.authenticationMethod ?? null,
      action: values.action ?? null,
      reason: values.reason ?? null,
      origin: values.origin ? { ...EMPTY_ORIGIN, ...values.origin } : null,
      correlationId: values.correlationId ?? null,
      traceId: null,
      spanId: null,
      metadata: values.metadata ?? null,
      restoredRevisionId: values.restoredRevisionId ?? null,
    };
  }

  /** @throws ActorResolutionError when the resolver fails or gives something else than an actor */
  async actor(): Promise<Actor | null> {
    if (this.values.actor) {
      return this.values.actor;
    }
    if (!this.resolution) {
      return this.outer ? this.outer.actor() : null;
    }
    return (
      (
        await this.resolution.principal({
          source: this.execution?.source ?? null,
          request: this.execution?.request,
        })
      )?.actor ?? null
    );
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

  /** Those that have not been looked at here before: once per request, and per scope with an actor of its own. */
  firstSeen<Read extends object>(reads: readonly Read[]): readonly Read[] {
    if (this.outer && !this.values.actor && !this.resolution) {
      return this.outer.firstSeen(reads);
    }
    this.seen ??= new Set();
    const { seen } = this;
    return reads.filter((read) => {
      const before = seen.size;
      return seen.add(JSON.stringify(read)).size > before;
    });
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

  private principal(): Principal | null {
    return this.resolution?.resolved ?? this.outer?.principal() ?? null;
  }
}

const NO_RULES: ScopeRules = Object.freeze({});

/** Callers without `exactOptionalPropertyTypes` pass undefined for what they do not give. */
function given<T extends object>(values: T): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}

const EMPTY_ORIGIN: Origin = Object.freeze({
  source: null,
  ip: null,
  userAgent: null,
  method: null,
  route: null,
  handler: null,
});

function mergeValues(base: ContextValues, over: ContextValues): ContextValues {
  const { authenticationMethod, ...others } = base;
  return {
    // It says how the actor of the base proved who it is, nothing of another one.
    ...(over.actor || authenticationMethod === undefined ? others : base),
    ...given(over),
    ...(base.origin && over.origin ? { origin: { ...base.origin, ...given(over.origin) } } : {}),
    ...(base.metadata && over.metadata ? { metadata: { ...base.metadata, ...over.metadata } } : {}),
  };
}
