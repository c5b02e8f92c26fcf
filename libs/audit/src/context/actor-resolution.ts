import { ActorResolutionError } from '../errors/context-errors.js';
import { describeCause } from '../errors/describe-cause.js';
import { ACTOR_TYPES, type Actor } from '../model/actor.js';
import type { ActorResolver, ActorSource } from './actor-resolver.js';

/** The answer of a resolver, checked. */
export interface Principal {
  readonly actor: Actor;
  readonly onBehalfOf: Actor | null;
  readonly authenticationMethod: string | null;
}

/** Asks the resolver of one request, once, at the first need. */
export class ActorResolution {
  /** Null as long as nobody is known. */
  resolved: Principal | null = null;
  private running: Promise<Principal | null> | undefined;

  constructor(private readonly resolver: ActorResolver) {}

  /** @throws ActorResolutionError when the resolver fails or gives something else than an actor */
  async principal(source: ActorSource): Promise<Principal | null> {
    if (this.resolved) {
      return this.resolved;
    }
    this.running ??= this.ask(source);
    try {
      this.resolved = await this.running;
      return this.resolved;
    } finally {
      // A write before authentication must not make everything after it anonymous, nor a failure final.
      this.running = undefined;
    }
  }

  private async ask(source: ActorSource): Promise<Principal | null> {
    let answer: Awaited<ReturnType<ActorResolver>>;
    try {
      answer = await this.resolver(source);
    } catch (cause) {
      throw new ActorResolutionError(describeCause(cause), cause);
    }
    if (answer === null) {
      return null;
    }
    const actor = checkedActor('', answer);
    return {
      actor,
      onBehalfOf: answer.onBehalfOf ? checkedActor('onBehalfOf: ', answer.onBehalfOf) : null,
      authenticationMethod: textMember('its authenticationMethod', answer.authenticationMethod),
    };
  }
}

/** Only the members of an actor: resolvers are often written over untyped requests, whose users have secrets. */
function checkedActor(where: string, value: Actor | undefined): Actor {
  if (typeof value !== 'object' || !ACTOR_TYPES.includes(value.type)) {
    throw new ActorResolutionError(
      `${where}it is of the type "${String(value?.type)}", not one of ${ACTOR_TYPES.join(', ')}`,
    );
  }
  return {
    type: value.type,
    id: textMember(`${where}its id`, value.id),
    label: textMember(`${where}its label`, value.label),
  };
}

/** A number is a key, anything else than a text a mistake. */
function textMember(what: string, value: unknown): string | null {
  if (value === null || value === undefined) {
    return null;
  }
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') {
    return String(value);
  }
  throw new ActorResolutionError(`${what} is no text`);
}
