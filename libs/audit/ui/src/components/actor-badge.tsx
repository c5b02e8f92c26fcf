import type { Actor } from '../model/trail.js';
import { NO_FILTERS, writeFilters } from '../routing/filters.js';
import { actorName, faceColor, initials } from '../values/actor-face.js';
import { Link } from './link.js';

/** The initials of an actor in its color. */
export function Avatar({ actor }: { readonly actor: Actor }) {
  return (
    <span
      class={`avatar avatar-${faceColor(actor)} avatar-of-${actor.type === 'user' ? 'person' : 'other'}`}
      aria-hidden="true"
    >
      {initials(actorName(actor))}
    </span>
  );
}

/** The name of an actor; leads to everything that it did. */
export function ActorName({ actor }: { readonly actor: Actor }) {
  const name = actorName(actor);
  const query = writeFilters({ ...NO_FILTERS, actor: `${actor.type}:${actor.id ?? ''}` });
  const title = [actor.type, actor.id].filter(Boolean).join(' ');
  return (
    <span class="actor">
      <Link to={{ page: 'timeline' }} query={query} class="actor-name" title={`${title}: show all changes`}>
        {name}
      </Link>
      {actor.type !== 'user' && actor.type !== name && <span class="tag">{actor.type}</span>}
    </span>
  );
}

/** Who did it, and for whom. */
export function ActorLine({
  actor,
  onBehalfOf,
}: {
  readonly actor: Actor;
  readonly onBehalfOf: Actor | null;
}) {
  return (
    <>
      <ActorName actor={actor} />
      {onBehalfOf !== null && (
        <span class="behalf">
          <span class="muted">for</span> <ActorName actor={onBehalfOf} />
        </span>
      )}
    </>
  );
}
