import type { ActorSource, ResolvedActor } from 'nestjs-mikro-audit';
import type { RequestUser } from './bearer.guard.js';

/** Who acts, and for whom, from what the guard has put on the request. */
export function requestActor({ request }: ActorSource): ResolvedActor | null {
  const { user } = (request ?? {}) as { readonly user?: RequestUser };
  if (user === undefined) return null;
  const { id, name, onBehalfOf } = user;
  return {
    type: 'user',
    id,
    label: name,
    authenticationMethod: 'token',
    onBehalfOf: onBehalfOf && { type: 'user', id: onBehalfOf.id, label: onBehalfOf.name },
  };
}
