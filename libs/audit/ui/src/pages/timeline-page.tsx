import { useMemo, useState } from 'preact/hooks';
import { DaySection } from '../components/day-section.js';
import { ExportMenu } from '../components/export-menu.js';
import { FilterChips } from '../components/filter-chips.js';
import { FilterPanel } from '../components/filter-panel.js';
import { Icon } from '../components/icon.js';
import { EmptyState, ProblemState, Skeleton } from '../components/page-states.js';
import { PageTitle } from '../components/page-title.js';
import { TimelineEntry } from '../components/timeline-entry.js';
import { countFilters, type Filters, NO_FILTERS, readFilters, writeFilters } from '../routing/filters.js';
import { type TimelineState, useTimeline } from '../state/use-timeline.js';
import { useViewer } from '../state/viewer-context.js';
import { groupByDay } from '../time/day-groups.js';

/** The timeline, newest first, by day. The query string says what is asked for. */
export function TimelinePage({ query }: { readonly query: URLSearchParams }) {
  const { navigation } = useViewer();
  const key = query.toString();
  const filters = useMemo(() => readFilters(new URLSearchParams(key)), [key]);
  const state = useTimeline(filters);
  const [isPanelOpen, setPanelOpen] = useState(false);
  const change = (next: Filters): void => navigation.go({ page: 'timeline' }, writeFilters(next));
  const close = (): void => {
    setPanelOpen(false);
    document.getElementById('page-title')?.focus();
  };
  const count = countFilters(filters);
  return (
    <div class="with-panel">
      <div class="page-head">
        <PageTitle title="Timeline" />
        <div class="page-actions">
          <button
            type="button"
            class="button panel-toggle"
            aria-expanded={isPanelOpen}
            aria-controls="filter-panel"
            onClick={() => setPanelOpen(!isPanelOpen)}
          >
            <Icon name="filter" /> Filters{count > 0 && ` (${count})`}
          </button>
          <ExportMenu filters={filters} />
        </div>
      </div>
      <aside
        class={`panel ${isPanelOpen ? 'panel-open' : ''}`}
        id="filter-panel"
        aria-label="Filter the timeline"
      >
        <FilterPanel filters={filters} onChange={change} />
        <button type="button" class="button button-primary panel-done" onClick={close}>
          Show the timeline
        </button>
      </aside>
      <div class="stream">
        <FilterChips filters={filters} onChange={change} />
        <Stream state={state} isFiltered={count > 0} onClear={() => change(NO_FILTERS)} />
      </div>
    </div>
  );
}

interface StreamProps {
  readonly state: TimelineState;
  readonly isFiltered: boolean;
  readonly onClear: () => void;
}

function Stream({ state, isFiltered, onClear }: StreamProps) {
  const { timeline, problem, arrived, fresh } = state;
  const { timeZone } = useViewer();
  const days = groupByDay(timeline?.entries ?? [], ({ revision }) => revision.recordedAt, timeZone);
  return (
    <>
      <div class="arrivals" role="status">
        {arrived.length > 0 && (
          <button type="button" class="pill" id="show-arrived" onClick={() => showAtTop(state.showArrived)}>
            <Icon name="up" /> {arrived.length} new
          </button>
        )}
      </div>
      {days.map(({ day, items }) => (
        <DaySection key={day} day={day}>
          {items.map((entry) => (
            <TimelineEntry key={entry.revision.id} entry={entry} isFresh={fresh.has(entry.revision.id)} />
          ))}
        </DaySection>
      ))}
      {timeline === undefined && problem === undefined && <Skeleton lines={6} />}
      {problem !== undefined && <ProblemState problem={problem} onRetry={state.reload} />}
      {timeline?.entries.length === 0 && <NothingFound isFiltered={isFiltered} onClear={onClear} />}
      {timeline !== undefined && timeline.nextCursor !== null && (
        <button
          type="button"
          class="button load-more"
          aria-disabled={state.isLoadingMore}
          onClick={state.loadMore}
        >
          {state.isLoadingMore ? 'Loading…' : 'Show more'}
        </button>
      )}
    </>
  );
}

function NothingFound({
  isFiltered,
  onClear,
}: {
  readonly isFiltered: boolean;
  readonly onClear: () => void;
}) {
  if (!isFiltered) {
    return (
      <EmptyState title="Nothing has been recorded yet">
        <p>The first change of an audited entity appears here by itself.</p>
      </EmptyState>
    );
  }
  return (
    <EmptyState title="No revision matches these filters">
      <button type="button" class="button" onClick={onClear}>
        Clear all filters
      </button>
    </EmptyState>
  );
}

/** Only when the reader asks: what arrives by itself never moves the page. */
function showAtTop(show: () => void): void {
  show();
  window.scrollTo({ top: 0 });
}
