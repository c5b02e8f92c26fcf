/**
 * The kind of principal that acted. `unknown` is explicit: nobody told the audit trail who it was. `database` is a program that wrote past
 * the application, by its role; only the triggers of the database say so, an application cannot.
 */
export type ActorType = 'user' | 'service' | 'system' | 'anonymous' | 'unknown' | 'database';

/** Those that an application can name. */
export const GIVEN_ACTOR_TYPES: readonly string[] = ['user', 'service', 'system', 'anonymous', 'unknown'];

export const ACTOR_TYPES: readonly string[] = [...GIVEN_ACTOR_TYPES, 'database'];

/** Who made a change. */
export interface Actor {
  readonly type: ActorType;
  /** Stable identifier within its type; null when there is none (`anonymous`, `unknown`). */
  readonly id: string | null;
  /** Display name frozen at write time; null when none was given. */
  readonly label: string | null;
}

/** The actor of changes made without any context. */
export const UNKNOWN_ACTOR: Actor = Object.freeze({ type: 'unknown', id: null, label: null });

/**
 * The application itself as actor, for jobs, migrations and bootstrap code.
 * @param id what ran, for example `nightly-billing`
 */
export function systemActor(id: string, label: string | null = null): Actor {
  return Object.freeze({ type: 'system', id, label });
}
