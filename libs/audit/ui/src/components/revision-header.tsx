import type { Revision, RevisionBrief } from '../model/trail.js';
import { NO_FILTERS, writeFilters } from '../routing/filters.js';
import { OUTCOME_WORDS } from '../values/revision-note.js';
import { Link } from './link.js';

/** The action, outcome and reason of a revision, as far as it has them. */
export function RevisionIntent({
  revision,
}: {
  readonly revision: RevisionBrief & Pick<Revision, 'outcome'>;
}) {
  const { action, outcome, restoredRevisionId } = revision;
  return (
    <>
      {action !== null && (
        <Link
          to={{ page: 'timeline' }}
          query={writeFilters({ ...NO_FILTERS, action })}
          class="action"
          title="Show all revisions with this action"
        >
          {action}
        </Link>
      )}
      {outcome !== undefined && outcome !== 'success' && (
        <span class="tag tag-alert">{OUTCOME_WORDS[outcome]}</span>
      )}
      {restoredRevisionId != null && (
        <span class="tag">
          restore of <Link to={{ page: 'revision', id: restoredRevisionId }}>#{restoredRevisionId}</Link>
        </span>
      )}
    </>
  );
}

/** Why, in the words of the actor. */
export function Reason({ reason }: { readonly reason: string | null }) {
  return reason === null || reason === '' ? null : <p class="reason">{reason}</p>;
}
