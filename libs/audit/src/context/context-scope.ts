import { ActorResolutionError } from '../errors/context-errors.js';
import { describeCause } from '../errors/describe-cause.js';
import type { Actor } from '../model/actor.js';
import type { Origin } from '../model/revision.js';
import type { ActorResolver } from './actor-resolver.js';
import type { ContextValues, CurrentContext } from './context-values.js';
import type { Execution, HandlerReference } from './execution.js';

const ACTOR_TYPES = ['user', 'service', 'system', 'anonymous', 'unknown'];

/** One running context: the values of a request or of an `AuditContext.run()`. */
export class ContextScope {
  private resolution: Promise<Actor | null> | undefined;
  private resolved: Actor | null = null;
  /**
   * @param outer the scope this one is nested in; its values hold where this one gives none
   * @param execution the request it was opened for; its values hold where none are given
   * @param resolver tells the actor from the request when no value does; undefined outside a request
   */
  constructor(
    private readonly outer: ContextScope | undefined,
    private values: ContextValues,
    private readonly execution?: Execution,
    private readonly resolver?: ActorResolver,
  ) {}

  /** See Execution; nothing outside a request. */
  bind(request: unknown, handler?: HandlerReference): void {
    this.execution?.bind(request, handler);
  }

  assign(values: ContextValues): void {
    this.values = mergeValues(this.values, values);
  }

  current(): CurrentContext {
    const values = this.merged();
    return {
      actor: values.actor ?? this.resolvedActor(),
      onBehalfOf: values.onBehalfOf ?? null,
      authenticationMethod: values.authenticationMethod ?? null,
      action: values.action ?? null,
      reason: values.reason ?? null,
      origin: values.origin ? { ...EMPTY_ORIGIN, ...values.origin } : null,
      correlationId: values.correlationId ?? null,
      metadata: values.metadata ?? null,
      restoredRevisionId: values.restoredRevisionId ?? null,
    };
  }

  /** @throws ActorResolutionError when the resolver fails or gives something else than an actor */
  async actor(): Promise<Actor | null> {
    const given = this.values.actor;
    if (given) {
      return given;
    }
    if (!this.resolver) {
      return this.outer ? this.outer.actor() : null;
    }
    this.resolution ??= this.resolve(this.resolver);
    let actor: Actor | null = null;
    try {
      actor = await this.resolution;
    } finally {
      if (actor === null) {
        // A write before authentication must not make everything after it anonymous, nor a failure final.
        this.resolution = undefined;
      }
    }
    return actor;
  }

  private async resolve(resolver: ActorResolver): Promise<Actor | null> {
    let actor: Actor | null;
    try {
      actor = await resolver({
        source: this.execution?.source ?? null,
        request: this.execution?.request,
      });
    } catch (cause) {
      throw new ActorResolutionError(describeCause(cause), cause);
    }
    if (actor !== null && !ACTOR_TYPES.includes(actor?.type)) {
      throw new ActorResolutionError(
        `it is of the type "${String(actor?.type)}", not one of ${ACTOR_TYPES.join(', ')}`,
      );
    }
    this.resolved = actor && {
      type: actor.type,
      id: actorText('id', actor.id),
      label: actorText('label', actor.label),
    };
    return this.resolved;
  }

  private merged(): ContextValues {
    if (this.outer) {
      const outer = this.outer.merged();
      const base = this.execution ? mergeValues(outer, this.execution.handlerValues()) : outer;
      return mergeValues(base, this.values);
    }
    return this.execution ? mergeValues(this.execution.values(), this.values) : this.values;
  }

  private resolvedActor(): Actor | null {
    return this.resolved ?? this.outer?.resolvedActor() ?? null;
  }
}

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

/** Resolvers are often written over untyped requests: a number is a key, anything else a mistake. */
function actorText(member: 'id' | 'label', value: unknown): string | null {
  if (value === null || value === undefined) {
    return null;
  }
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') {
    return String(value);
  }
  throw new ActorResolutionError(`its ${member} is no text`);
}

function mergeValues(base: ContextValues, over: ContextValues): ContextValues {
  return {
    ...base,
    ...given(over),
    ...(base.origin && over.origin ? { origin: { ...base.origin, ...given(over.origin) } } : {}),
    ...(base.metadata && over.metadata ? { metadata: { ...base.metadata, ...over.metadata } } : {}),
  };
}
