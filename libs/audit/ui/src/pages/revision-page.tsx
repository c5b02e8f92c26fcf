import { useState } from 'preact/hooks';
import { type Problem, toProblem } from '../api/problem.js';
import { ActorLine, Avatar } from '../components/actor-badge.js';
import { ChangeCard } from '../components/change-card.js';
import { CopyButton } from '../components/copy-button.js';
import { Facts } from '../components/facts.js';
import { NoChanges } from '../components/no-changes.js';
import { ProblemState, Skeleton } from '../components/page-states.js';
import { PageTitle } from '../components/page-title.js';
import { RestoreButton } from '../components/restore-button.js';
import { Reason, RevisionIntent } from '../components/revision-header.js';
import { SealNote } from '../components/seal-note.js';
import { TimeStamp } from '../components/time-stamp.js';
import { entityAccess } from '../model/access.js';
import type { Change, Page, RevisionWithChanges } from '../model/trail.js';
import { useResource } from '../state/use-resource.js';
import { useViewer } from '../state/viewer-context.js';

const CHANGES_AT_A_TIME = 50;

/** Everything that happened together. */
export function RevisionPage({ id }: { readonly id: string }) {
  const { api } = useViewer();
  const path = `revisions/${encodeURIComponent(id)}`;
  const { value, problem, reload } = useResource(path, (signal) =>
    api.get<RevisionWithChanges>(path, undefined, signal),
  );
  return (
    <div class="single">
      <div class="page-head">
        <PageTitle title={`Revision ${id}`}>
          Revision <span class="code">#{id}</span>
        </PageTitle>
        <div class="page-actions">
          <CopyButton text={id} what={`revision id ${id}`} />
          {value !== undefined && <UndoButton revision={value} />}
        </div>
      </div>
      {problem !== undefined && <ProblemState problem={problem} onRetry={reload} />}
      {value === undefined && problem === undefined && <Skeleton lines={4} />}
      {value !== undefined && <RevisionBody key={id} revision={value} />}
    </div>
  );
}

function RevisionBody({ revision }: { readonly revision: RevisionWithChanges }) {
  const { changes } = revision;
  return (
    <>
      <div class="revision-summary">
        <Avatar actor={revision.actor} />
        <div class="entry-body">
          <p class="entry-head">
            <span class="entry-who">
              <ActorLine actor={revision.actor} onBehalfOf={revision.onBehalfOf} />
              <RevisionIntent revision={revision} />
            </span>
          </p>
          <p class="muted">
            <TimeStamp instant={revision.recordedAt} as="full" />
          </p>
          <Reason reason={revision.reason} />
        </div>
      </div>
      <Facts revision={revision} />
      <h2 class="section-title">
        {revision.nextCursor !== null && 'More than '}
        {changes.length === 0 ? 'No changes' : changes.length.toLocaleString()}{' '}
        {changes.length > 0 && (changes.length === 1 ? 'change' : 'changes')}
      </h2>
      {changes.length === 0 && <NoChanges revision={revision} showsFacts={false} />}
      {changes.length === 0 && <SealNote id={revision.id} seal={revision.seal} />}
      <Changes revision={revision} />
    </>
  );
}

/** The changes, some at a time: a browser would be long in laying out thousands of tables. */
function Changes({ revision }: { readonly revision: RevisionWithChanges }) {
  const { api } = useViewer();
  const [count, setCount] = useState(CHANGES_AT_A_TIME);
  const [known, setKnown] = useState<Page<Change>>({ ...revision, items: revision.changes });
  const [problem, setProblem] = useState<Problem>();
  const { items, nextCursor: cursor } = known;
  const left = items.length - count;
  const more = async (): Promise<void> => {
    try {
      if (left < CHANGES_AT_A_TIME && cursor !== null) {
        const path = `revisions/${encodeURIComponent(revision.id)}/changes`;
        const next = await api.get<Page<Change>>(path, new URLSearchParams({ limit: '500', cursor }));
        setKnown({ items: [...items, ...next.items], nextCursor: next.nextCursor });
      }
      setCount(count + CHANGES_AT_A_TIME);
    } catch (error) {
      setProblem(toProblem(error));
    }
  };
  return (
    <>
      {items.slice(0, count).map((change) => (
        <ChangeCard key={change.id} change={change} />
      ))}
      {problem !== undefined && <ProblemState problem={problem} />}
      {(left > 0 || cursor !== null) && (
        <button type="button" class="button load-more" onClick={() => void more()}>
          Show more changes ({cursor !== null && 'more than '}
          {left.toLocaleString()} left)
        </button>
      )}
    </>
  );
}

function UndoButton({ revision }: { readonly revision: RevisionWithChanges }) {
  const { access } = useViewer();
  const types = revision.changes.map(({ entityType }) => entityType);
  const mayAll = types.length > 0 && types.every((type) => entityAccess(access, type)?.permissions.restore);
  if (!mayAll) return null;
  return (
    <RestoreButton
      path={`revisions/${encodeURIComponent(revision.id)}/undo`}
      isEntity={false}
      body={{}}
      text="Undo this revision"
      title={`Undo revision ${revision.id}`}
    />
  );
}
