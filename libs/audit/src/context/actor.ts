import { ActorResolutionError } from '../errors/context-errors.js';
import { describeCause } from '../errors/describe-cause.js';
import { ACTOR_TYPES, type Actor } from '../model/actor.js';

/** What an actor is resolved from. */
export interface ActorSource {
  /** What Nest calls the transport: `http`, `graphql`, `ws`, `rpc`, or the name that a library gave to its own. */
  readonly source: string | null;
  /**
   * The request of the transport:
   * - `http`: the request of Express or Fastify, as guards see it; the raw request of Node before Fastify's guards
   * - `graphql`: the same, which is `req` of the GraphQL context; the GraphQL context itself when it has none
   * - `ws`: the client, which lives as long as its socket. A gateway can put on it what it learns when it connects
   * - `rpc`: `{ data, context }`, the payload and Nest's context of the transport (`TcpContext`, `NatsContext`)
   * - others: the first argument of the handler
   *
   * What comes over the wire (`data`) says who acts only if the sender is trusted to.
   */
  readonly request: unknown;
}

/** Who acts, and what is known about how. */
export interface ResolvedActor extends Actor {
  /** Whom the actor acts for; null or left out when for itself. */
  readonly onBehalfOf?: Actor | null;
  /** How the actor proved who it is, such as `password` or `mtls`; null or left out when it is not told. */
  readonly authenticationMethod?: string | null;
}

/**
 * Tells who acts. Called once per request, before its first audited write, so after the guards.
 * Null means that nobody is known, which is recorded as the explicit unknown actor.
 */
export type ActorResolver = (source: ActorSource) => ResolvedActor | null | Promise<ResolvedActor | null>;

interface PassportLikeUser {
  readonly id?: unknown;
  readonly sub?: unknown;
  readonly name?: unknown;
  readonly email?: unknown;
}

interface UserHolder {
  readonly user?: PassportLikeUser;
}

/**
 * The default: `user`, as Passport and most guards leave it, with `id` or `sub`, and `name` or `email`. It is looked
 * for on the request of `http` and `graphql`, the client of `ws` and the context of `rpc`; never in a payload, which
 * anybody may have sent.
 */
export const requestUserActor: ActorResolver = ({ source, request }) => {
  const user = userHolderOf(source, request)?.user;
  const id = text(user?.id) ?? text(user?.sub);
  return id === null ? null : { type: 'user', id, label: text(user?.name) ?? text(user?.email) };
};

function userHolderOf(source: string | null, request: unknown): UserHolder | null | undefined {
  switch (source) {
    case 'http':
    case 'graphql':
    case 'ws':
      return request as UserHolder | null | undefined;
    case 'rpc':
      return (request as { readonly context?: UserHolder | null }).context;
    default:
      return null;
  }
}

function text(value: unknown): string | null {
  const isText = typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint';
  return isText && value !== '' ? String(value) : null;
}

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
