import { ActorPendingError, ActorResolutionError } from '../errors/context-errors.js';
import { describeCause } from '../errors/describe-cause.js';
import { type Actor, GIVEN_ACTOR_TYPES } from '../model/actor.js';
import type { ContextValues, CurrentContext } from './context-values.js';
import { knownActor } from './known-actor.js';

/** The source from which an actor is resolved. */
export interface ActorSource {
  /** Nest's name of the transport: `http`, `graphql`, `ws`, `rpc`, or the name that a library gave to its own. */
  readonly source: string | null;
  /**
   * The request of the transport:
   * - `http`: the request of Express or Fastify, as guards see it; the raw request of Node before Fastify's guards
   * - `graphql`: the same, which is `req` of the GraphQL context; the GraphQL context itself when it has none
   * - `ws`: the client, which lives as long as its socket. A gateway can put on it what it learns when it connects
   * - `rpc`: `{ data, context }`, the payload and Nest's context of the transport (`TcpContext`, `NatsContext`)
   * - others: the first argument of the handler
   *
   * Data from the wire (`data`) says who acts only if the sender is trusted to.
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
 * Finds the actor. Called once per request, when something first needs the actor: an audited write, or whoever reads
 * `AuditContext.current().actor`. Null means that nobody is known (yet), which is recorded as the explicit unknown actor.
 * It may itself read and write: what it does has the context of the request, but no actor, unless it gives one with
 * `AuditContext.run()`.
 */
export type ActorResolver = (source: ActorSource) => ResolvedActor | null | Promise<ResolvedActor | null>;

interface PassportLikeUser {
  readonly id?: unknown;
  readonly sub?: unknown;
  readonly name?: unknown;
  readonly email?: unknown;
}

/** Names of properties that some audited entity masks or ignores, so that no label may show them. */
interface HiddenFromLabels {
  hidesLabel(member: 'name' | 'email'): boolean;
  /** Whether a property of this name is hidden. */
  has(name: string): boolean;
}

interface UserHolder {
  readonly user?: PassportLikeUser;
}

/**
 * The default: `user`, as Passport and most guards leave it, with `id` or `sub`, and `name` or `email`. It is looked
 * for on the request of `http` and `graphql`, the client of `ws` and the context of `rpc`; never in a payload, which
 * anybody may have sent.
 * @param hidden looked at when a label is made
 */
export function requestUserActor(hidden: HiddenFromLabels | null = null): ActorResolver {
  return ({ source, request }) => {
    const user = userHolderOf(source, request)?.user;
    const id = text(user?.id) ?? text(user?.sub);
    const shown = (member: 'name' | 'email') => {
      const label = hidden?.hidesLabel(member) ? null : text(user?.[member]);
      return label !== null && hidden && isHiddenValue(label, user, hidden) ? null : label;
    };
    return id === null ? null : { type: 'user', id, label: shown('name') ?? shown('email') };
  };
}

/** A name may be made of something else, such as of the address of who has not told theirs. */
function isHiddenValue(label: string, user: object | undefined, hidden: HiddenFromLabels): boolean {
  return Object.entries(user ?? {}).some(([name, value]) => hidden.has(name) && text(value) === label);
}

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
  const isText = typeof value === 'string' || Number.isFinite(value) || typeof value === 'bigint';
  return isText && value !== '' ? String(value) : null;
}

/** The answer of a resolver, checked. */
export interface Principal {
  readonly actor: Actor;
  readonly onBehalfOf: Actor | null;
  readonly authenticationMethod: string | null;
}

type Answer = ReturnType<ActorResolver>;

/** The actor of one request: asks for it at the first need, and once. */
export class ActorResolution {
  private known: Principal | null = null;
  private running: Promise<Principal | null> | null = null;
  /** A promise has answered that nobody is known. */
  private isNobody = false;
  private isAuthenticated = false;

  /** @param ask calls the resolver, outside of any context that waits for its answer */
  constructor(private readonly ask: () => Answer) {}

  /**
   * A promise only where the resolver gives one. Null is asked again the next time: a write before authentication must
   * not make everything after it anonymous, nor a failure be final.
   * @throws ActorResolutionError when the resolver fails or gives something else than an actor
   */
  principal(): Principal | null | Promise<Principal | null> {
    const found = this.known ?? this.running;
    if (found !== null) {
      return found;
    }
    let answer: Answer;
    try {
      answer = this.ask();
    } catch (cause) {
      throw new ActorResolutionError(describeCause(cause), cause);
    }
    if (isThenable(answer)) {
      const asked: Promise<Principal | null> = this.wait(answer, () => this.running === asked);
      this.running = asked;
      return asked;
    }
    this.known = checkedPrincipal(answer);
    return this.known;
  }

  /**
   * The same without waiting.
   * @throws ActorPendingError when the resolver gives a promise that has not been awaited
   */
  present(): Principal | null {
    if (this.isNobody) {
      return null;
    }
    const principal = this.principal();
    if (!isThenable(principal)) {
      return principal;
    }
    // The one who awaits the actor hears of it; until then Node must not report it as unhandled.
    principal.catch(() => undefined);
    throw new ActorPendingError();
  }

  /** The guards have run: what was asked before them was asked of a request that did not have its user yet. */
  reconsider(): void {
    this.isNobody = false;
    if (!this.isAuthenticated) {
      this.isAuthenticated = true;
      this.running = null;
    }
  }

  private async wait(
    answer: PromiseLike<ResolvedActor | null>,
    isCurrent: () => boolean,
  ): Promise<Principal | null> {
    let principal: Principal | null = null;
    let isAnswered = false;
    try {
      principal = checkedPrincipal(await answer);
      isAnswered = true;
    } catch (cause) {
      throw cause instanceof ActorResolutionError
        ? cause
        : new ActorResolutionError(describeCause(cause), cause);
    } finally {
      if (isCurrent()) {
        this.running = null;
        this.isNobody = isAnswered && principal === null;
      }
    }
    this.known ??= principal;
    return principal;
  }
}

function isThenable<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof (value as PromiseLike<T> | null | undefined)?.then === 'function';
}

function checkedPrincipal(answer: ResolvedActor | null): Principal | null {
  if (answer === null) {
    return null;
  }
  const actor = checkedActor('', answer);
  const onBehalfOf = answer.onBehalfOf ? checkedActor('onBehalfOf: ', answer.onBehalfOf) : null;
  // A user without an id is as good as none: it may have one when it is asked for again.
  const isNobody = actor.type === 'unknown' && actor.label === null && onBehalfOf === null;
  const authenticationMethod = textMember('its authenticationMethod', answer.authenticationMethod);
  return isNobody ? null : { actor, onBehalfOf, authenticationMethod };
}

/** Who acts, of a context. */
export type Identity = Pick<CurrentContext, 'actor' | 'onBehalfOf' | 'authenticationMethod'>;

/** Who acts, by the values and the resolver, whose answer is about the actor of the request, and does not hold for another one. */
export function identity(values: ContextValues, resolved: Principal | null): Identity {
  const principal = values.actor ? null : resolved;
  return {
    actor: values.actor ?? principal?.actor ?? null,
    onBehalfOf: values.onBehalfOf ?? principal?.onBehalfOf ?? null,
    authenticationMethod: values.authenticationMethod ?? principal?.authenticationMethod ?? null,
  };
}

/** Only the members of an actor: resolvers are often written over untyped requests, whose users have secrets. */
function checkedActor(where: string, value: Actor | undefined): Actor {
  if (typeof value !== 'object' || !GIVEN_ACTOR_TYPES.includes(value.type)) {
    throw new ActorResolutionError(
      `${where}it is of the type "${String(value?.type)}", not one of ${GIVEN_ACTOR_TYPES.join(', ')}`,
    );
  }
  return knownActor({
    type: value.type,
    id: textMember(`${where}its id`, value.id),
    label: textMember(`${where}its label`, value.label),
  });
}

/** A number is a key, anything else than a text a mistake. */
function textMember(what: string, value: unknown): string | null {
  if (value === null || value === undefined) {
    return null;
  }
  if (typeof value === 'string' || Number.isFinite(value) || typeof value === 'bigint') {
    return String(value);
  }
  throw new ActorResolutionError(`${what} is no text`);
}
