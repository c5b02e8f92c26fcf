import { type Actor, type ActorType, GIVEN_ACTOR_TYPES } from '../model/actor.js';
import type { ContextValues } from './context-values.js';
import { MAX_ID, safeText } from './safe-context.js';

/** Types of those whose id tells who they are. */
const IDENTIFIED: readonly ActorType[] = ['user', 'service', 'system'];
const VISIBLE = /[\p{L}\p{M}\p{N}\p{P}\p{S}]/u;

/**
 * The one check of who acts, at every door: `run`, `assign`, recorded actions, envelopes and the answers of the resolver. A value
 * that does not tell who it is (no actor at all, a type that does not exist, a user without an id) is the unknown actor, with as
 * much as can be kept: it never makes a write fail by itself, and `requireActor` is not met by it.
 */
export function knownActor(value: unknown): Actor {
  const { type, id, label } = (typeof value === 'object' && value !== null ? value : {}) as Partial<
    Record<keyof Actor, unknown>
  >;
  const known = { id: identifier(id), label: visibleText(label) };
  const isType = typeof type === 'string' && GIVEN_ACTOR_TYPES.includes(type);
  const isNobody = !isType || (known.id === null && IDENTIFIED.some((one) => one === type));
  return { type: isNobody ? 'unknown' : (type as ActorType), ...known };
}

/** Whether somebody is known to act: the demand of `requireActor`, which an anonymous visitor does not meet. */
export function isSomebody(actor: Actor | null): boolean {
  return actor !== null && actor.type !== 'unknown' && actor.type !== 'anonymous';
}

/** Values with what is known of their actors. One that is null is none that is given. */
export function withKnownActors(values: ContextValues): ContextValues {
  if (values.actor === undefined && values.onBehalfOf === undefined) {
    return values;
  }
  const { actor, onBehalfOf, ...others } = values;
  return {
    ...others,
    ...(actor === undefined || actor === null ? {} : { actor: knownActor(actor) }),
    ...(onBehalfOf === undefined || onBehalfOf === null ? {} : { onBehalfOf: knownActor(onBehalfOf) }),
  };
}

/** A number is a key; anything else than that and a text identifies nobody. */
function identifier(value: unknown): string | null {
  switch (typeof value) {
    case 'string':
    case 'bigint':
      return visibleText(value);
    case 'number':
      return Number.isFinite(value) ? String(value) : null;
    default:
      return null;
  }
}

/** Null for a text in which nothing can be seen. */
function visibleText(value: unknown): string | null {
  const isText = typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint';
  const text = isText ? safeText(value, MAX_ID) : null;
  return text !== null && VISIBLE.test(text) ? text : null;
}
