import { useState } from 'preact/hooks';
import type { TimelineEntry as Entry } from '../state/timeline-loader.js';
import { ActorLine, Avatar } from './actor-badge.js';
import { ChangeCard } from './change-card.js';
import { ChangeSummary } from './change-summary.js';
import { Icon } from './icon.js';
import { Link } from './link.js';
import { Reason, RevisionIntent } from './revision-header.js';
import { TimeStamp } from './time-stamp.js';

const MAX_CHANGES = 4;

/** A revision in the timeline; its values open in place. */
export function TimelineEntry({ entry, isFresh }: { readonly entry: Entry; readonly isFresh: boolean }) {
  const [isOpen, setOpen] = useState(false);
  const { revision, preview } = entry;
  const total = Object.values(revision.counts).reduce((sum, count) => sum + count, 0);
  const shown = isOpen ? preview : preview.slice(0, MAX_CHANGES);
  return (
    <li class={`entry ${isFresh ? 'entry-fresh' : ''}`}>
      <Avatar actor={revision.actor} />
      <article class="entry-body" aria-label={`Revision ${revision.id}`}>
        <header class="entry-head">
          <span class="entry-who">
            <ActorLine actor={revision.actor} onBehalfOf={revision.onBehalfOf} />
            <RevisionIntent revision={revision} />
          </span>
          <span class="entry-when">
            <Link
              to={{ page: 'revision', id: revision.id }}
              class="revision-link"
              label={`Revision ${revision.id}`}
            >
              #{revision.id}
            </Link>
            <TimeStamp instant={revision.recordedAt} as="clock" />
          </span>
        </header>
        <Reason reason={revision.reason} />
        {isOpen ? (
          shown.map((change) => <ChangeCard key={change.id} change={change} />)
        ) : (
          <ul class="change-lines">
            {shown.map((change) => (
              <ChangeSummary key={change.id} change={change} />
            ))}
          </ul>
        )}
        <footer class="entry-foot">
          {preview.length > 0 && (
            <button
              type="button"
              class="link-button entry-toggle"
              aria-expanded={isOpen}
              onClick={() => setOpen(!isOpen)}
            >
              <Icon name="chevron" /> {isOpen ? 'Hide values' : 'Show values'}
              <span class="visually-hidden"> of revision {revision.id}</span>
            </button>
          )}
          {total > shown.length && (
            <Link to={{ page: 'revision', id: revision.id }} class="muted-link">
              {shown.length === 0
                ? countsText(revision.counts)
                : `${total - shown.length} more ${total - shown.length === 1 ? 'change' : 'changes'}`}
            </Link>
          )}
        </footer>
      </article>
    </li>
  );
}

/** `2 work-order, 1 line-item`. */
function countsText(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([type, count]) => `${count.toLocaleString()} ${type}`)
    .join(', ');
}
