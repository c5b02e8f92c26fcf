import { ActorResolutionError } from '../errors/context-errors.js';
import type { Actor } from '../model/actor.js';
import type { Origin } from '../model/revision.js';
import type { ActorResolver } from './actor-resolver.js';
import type { ContextValues, CurrentContext } from './context-values.js';

const ACTOR_TYPES = ['user', 'service', 'system', 'anonymous', 'unknown'];

/** One running context: the values of a request or of an `AuditContext.run()`. */
export class ContextScope {
  private resolution: Promise<Actor | null> | undefined;
  private resolved: Actor | null = null;
  private request: unknown;

  /**
   * @param outer the scope this one is nested in; its values hold where this one gives none
   * @param resolver tells the actor from the request when no value does; undefined outside a request
   */
  constructor(
    private readonly outer: ContextScope | undefined,
    private values: ContextValues,
    private readonly resolver?: ActorResolver,
  ) {}

  /** The object the actor is resolved from. The one that guards see may be another than the middleware's (Fastify). */
  bindRequest(request: unknown): void {
    this.request = request;
  }

  assign(values: ContextValues): void {
    this.values = mergeValues(this.values, values);
  }

  current(): CurrentContext {
    const values = this.merged();
    return {
      actor: values.actor ?? this.resolvedActor(),
      onBehalfOf: values.onBehalfOf ?? null,
      action: values.action ?? null,
      reason: values.reason ?? null,
      origin: values.origin ? { ...EMPTY_ORIGIN, ...values.origin } : null,
      correlationId: values.correlationId ?? null,
      metadata: values.metadata ?? null,
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
    const actor = await this.resolution;
    if (actor === null) {
      // A write before authentication must not make everything after it anonymous.
      this.resolution = undefined;
    }
    return actor;
  }

  private async resolve(resolver: ActorResolver): Promise<Actor | null> {
    let actor: Actor | null;
    try {
      actor = await resolver({ request: this.request });
    } catch (cause) {
      throw new ActorResolutionError(String(cause), cause);
    }
    if (actor !== null && !ACTOR_TYPES.includes(actor?.type)) {
      throw new ActorResolutionError(
        `it is of the type "${String(actor?.type)}", not one of ${ACTOR_TYPES.join(', ')}`,
      );
    }
    this.resolved = actor && { type: actor.type, id: actor.id ?? null, label: actor.label ?? null };
    return this.resolved;
  }

  private merged(): ContextValues {
    return this.outer ? mergeValues(this.outer.merged(), this.values) : this.values;
  }

  private resolvedActor(): Actor | null {
    return this.resolved ?? this.outer?.resolvedActor() ?? null;
  }
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
  return {
    ...base,
    ...over,
    ...(base.origin && over.origin ? { origin: { ...base.origin, ...over.origin } } : {}),
    ...(base.metadata && over.metadata ? { metadata: { ...base.metadata, ...over.metadata } } : {}),
  };
}
