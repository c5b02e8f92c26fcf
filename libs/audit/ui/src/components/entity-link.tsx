import { Link } from './link.js';

interface EntityLinkProps {
  readonly type: string;
  readonly id: string;
  /** Its label; null when it had none. */
  readonly label: string | null;
  /** Whether this change is its end. */
  readonly isDeleted?: boolean;
}

/** An entity by its label, with type and id beside it. */
export function EntityLink({ type, id, label, isDeleted = false }: EntityLinkProps) {
  return (
    <span class={`entity ${isDeleted ? 'entity-deleted' : ''}`}>
      {label !== null && label !== '' ? (
        <>
          <Link to={{ page: 'entity', type, id }} class="entity-label">
            {label}
          </Link>{' '}
          <span class="entity-id">
            {type} {id}
          </span>
        </>
      ) : (
        <Link to={{ page: 'entity', type, id }} class="entity-label">
          {type} {id}
        </Link>
      )}
    </span>
  );
}
