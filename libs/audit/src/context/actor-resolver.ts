import type { Actor } from '../model/actor.js';

/** What an actor is resolved from. */
export interface ActorSource {
  /** The request of the transport: Express or Fastify request, or whatever opened the context. */
  readonly request: unknown;
}

/**
 * Tells who acts. Called once per request, before its first audited write, so after the guards.
 * Null means that nobody is known, which is recorded as the explicit unknown actor.
 */
export type ActorResolver = (source: ActorSource) => Actor | null | Promise<Actor | null>;

interface PassportLikeUser {
  readonly id?: unknown;
  readonly sub?: unknown;
  readonly name?: unknown;
  readonly email?: unknown;
}

/** The default: `request.user`, as Passport and most guards leave it, with `id` or `sub`, and `name` or `email`. */
export const requestUserActor: ActorResolver = ({ request }) => {
  const user = (request as { readonly user?: PassportLikeUser } | null | undefined)?.user;
  const id = text(user?.id) ?? text(user?.sub);
  return id === null ? null : { type: 'user', id, label: text(user?.name) ?? text(user?.email) };
};

function text(value: unknown): string | null {
  const isText = typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint';
  return isText && value !== '' ? String(value) : null;
}
