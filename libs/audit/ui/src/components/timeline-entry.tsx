import { useState } from 'preact/hooks';
import type { TimelineEntry as Entry } from '../state/timeline-loader.js';
import { ChangeCard } from './change-card.js';
import { ChangeSummary } from './change-summary.js';
import { Icon } from './icon.js';
import { Link } from './link.js';
import { NoChanges } from './no-changes.js';
import { RevisionEntry } from './revision-entry.js';

const MAX_CHANGES = 4;

/** A revision in the timeline; its values open in place. */
export function TimelineEntry({ entry, isFresh }: { readonly entry: Entry; readonly isFresh: boolean }) {
  const [isOpen, setOpen] = useState(false);
  const { revision, preview } = entry;
  const total = Object.values(revision.counts).reduce((sum, count) => sum + count, 0);
  const shown = isOpen ? preview : preview.slice(0, MAX_CHANGES);
  const toggleText = `${isOpen ? 'Hide' : 'Show'} values`;
  const toggle = preview.length > 0 && (
    <button
      type="button"
      class="quiet-button entry-toggle"
      aria-expanded={isOpen}
      aria-label={`${toggleText} of revision ${revision.id}`}
      title={toggleText}
      onClick={() => setOpen(!isOpen)}
    >
      <Icon name="chevron" />
    </button>
  );
  return (
    <RevisionEntry revision={revision} isFresh={isFresh} tool={toggle}>
      {isOpen && shown.map((change) => <ChangeCard key={change.id} change={change} />)}
      {!isOpen && shown.length > 0 && (
        <ul class="change-lines">
          {shown.map((change) => (
            <ChangeSummary key={change.id} change={change} />
          ))}
        </ul>
      )}
      {total === 0 && <NoChanges revision={revision} />}
      {total > shown.length && (
        <Link to={{ page: 'revision', id: revision.id }} class="muted-link">
          {shown.length === 0
            ? countsText(revision.counts)
            : `${total - shown.length} more ${total - shown.length === 1 ? 'change' : 'changes'}`}
        </Link>
      )}
    </RevisionEntry>
  );
}

/** `2 work-order, 1 line-item`. */
function countsText(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([type, count]) => `${count.toLocaleString()} ${type}`)
    .join(', ');
}
