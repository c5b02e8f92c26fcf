import { Link } from './link.js';

/** `#29`: leads to everything that happened together. */
export function RevisionLink({ id }: { readonly id: string }) {
  return (
    <Link to={{ page: 'revision', id }} class="revision-link" label={`Revision ${id}`}>
      #{id}
    </Link>
  );
}
