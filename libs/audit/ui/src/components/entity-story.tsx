import { useState } from 'preact/hooks';
import { entityPath } from '../api/api-client.js';
import { type Problem, toProblem } from '../api/problem.js';
import type { ChangeWithRevision, Page } from '../model/trail.js';
import { useResource } from '../state/use-resource.js';
import { useViewer } from '../state/viewer-context.js';
import { groupByDay } from '../time/day-groups.js';
import { ChangeCard } from './change-card.js';
import { DaySection } from './day-section.js';
import { Link } from './link.js';
import { EmptyState, ProblemState, Skeleton } from './page-states.js';
import { RevisionEntry } from './revision-entry.js';

interface EntityStoryProps {
  readonly type: string;
  readonly id: string;
}

/** The story of an entity and of everything that is part of it, newest first. */
export function EntityStory({ type, id }: EntityStoryProps) {
  const { api, cache, timeZone } = useViewer();
  const key = `story ${JSON.stringify([type, id])}`;
  const load = (cursor: string | null, signal?: AbortSignal): Promise<Page<ChangeWithRevision>> =>
    api.get(
      entityPath(type, id, '/history-with-parts'),
      new URLSearchParams({ limit: '50', ...(cursor !== null && { cursor }) }),
      signal,
    );
  const { value, problem, reload } = useResource(key, (signal) => load(null, signal));
  const [further, setFurther] = useState<Page<ChangeWithRevision>>();
  const [failed, setFailed] = useState<Problem>();
  const page = further ?? value;
  const more = async (cursor: string): Promise<void> => {
    try {
      const next = await load(cursor);
      const joined = { items: [...(page?.items ?? []), ...next.items], nextCursor: next.nextCursor };
      cache.set(key, joined);
      setFurther(joined);
    } catch (error) {
      setFailed(toProblem(error));
    }
  };
  if (problem !== undefined) return <ProblemState problem={problem} onRetry={reload} />;
  if (page === undefined) return <Skeleton lines={4} />;
  if (page.items.length === 0) return <EmptyState title="Nothing has been recorded about this entity" />;
  const days = groupByDay(groupByRevision(page.items), ([first]) => first.revision.recordedAt, timeZone);
  return (
    <>
      {days.map(({ day, items }) => (
        <DaySection key={day} day={day}>
          {items.map((changes) => (
            <StoryEntry key={changes[0].id} changes={changes} type={type} id={id} />
          ))}
        </DaySection>
      ))}
      {failed !== undefined && <ProblemState problem={failed} />}
      {page.nextCursor !== null && (
        <button type="button" class="button load-more" onClick={() => void more(page.nextCursor ?? '')}>
          Show more
        </button>
      )}
    </>
  );
}

type Together = readonly [ChangeWithRevision, ...ChangeWithRevision[]];

function StoryEntry({ changes, type, id }: EntityStoryProps & { readonly changes: Together }) {
  const [{ revision }] = changes;
  return (
    <RevisionEntry revision={revision}>
      {changes.map((change) => {
        const isPart = change.entityType !== type || change.entityId !== id;
        return (
          <ChangeCard key={change.id} change={change} showsEntity={isPart}>
            {!isPart && change.operation !== 'delete' && (
              <Link
                to={{ page: 'entity', type, id }}
                query={new URLSearchParams({ view: 'past', at: revision.id })}
                class="muted-link"
              >
                as it was then
              </Link>
            )}
          </ChangeCard>
        );
      })}
    </RevisionEntry>
  );
}

function groupByRevision(changes: readonly ChangeWithRevision[]): readonly Together[] {
  const groups: [ChangeWithRevision, ...ChangeWithRevision[]][] = [];
  for (const change of changes) {
    const last = groups.at(-1);
    if (last?.[0].revision.id === change.revision.id) last.push(change);
    else groups.push([change]);
  }
  return groups;
}
