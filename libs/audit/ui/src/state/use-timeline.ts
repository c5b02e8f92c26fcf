import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { type Problem, toProblem } from '../api/problem.js';
import { type Filters, writeFilters } from '../routing/filters.js';
import { loadTimeline, newEntries, type Timeline, type TimelineEntry } from './timeline-loader.js';
import { useViewer } from './viewer-context.js';

/** Several revisions may arrive at once; they are asked for together. */
const ARRIVAL_PAUSE = 250;

export interface TimelineState {
  /** Undefined until the first page is there. */
  readonly timeline: Timeline | undefined;
  readonly problem: Problem | undefined;
  readonly isLoadingMore: boolean;
  /** Revisions that arrived since; shown when the reader asks for it. */
  readonly arrived: readonly TimelineEntry[];
  /** Ids that were shown last, to point at them. */
  readonly fresh: ReadonlySet<string>;
  readonly showArrived: () => void;
  readonly loadMore: () => void;
  readonly reload: () => void;
}

/** The timeline of filters: pages on demand, arrivals kept aside. */
export function useTimeline(filters: Filters): TimelineState {
  const { api, cache, live } = useViewer();
  const key = `timeline?${writeFilters(filters)}`;
  const [state, setState] = useState<{ key: string; timeline?: Timeline; problem?: Problem }>({ key });
  const [arrived, setArrived] = useState<readonly TimelineEntry[]>([]);
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  const [isLoadingMore, setLoadingMore] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const timeline = cache.get<Timeline>(key) ?? (state.key === key ? state.timeline : undefined);
  const shown = useRef(timeline);
  shown.current = timeline;

  const keep = useCallback(
    (next: Timeline) => {
      cache.set(key, next);
      setState({ key, timeline: next });
    },
    [cache, key],
  );

  useEffect(() => {
    const control = new AbortController();
    setArrived([]);
    setFresh(new Set());
    loadTimeline(api, filters, null, control.signal).then(
      (first) => {
        if (control.signal.aborted) return;
        // Revisions already shown, because the reader came back, stay in their place.
        if (shown.current === undefined) keep(first);
        else setArrived(newEntries(shown.current, first));
      },
      (error: unknown) => {
        if (!control.signal.aborted) setState({ key, problem: toProblem(error) });
      },
    );
    return () => control.abort();
  }, [key, attempt]);

  useEffect(() => {
    // New things are at the end then, where the reader gets anyway.
    if (filters.order === 'oldest') return;
    const control = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async (): Promise<void> => {
      const first = await loadTimeline(api, filters, null, control.signal);
      if (shown.current !== undefined && !control.signal.aborted)
        setArrived(newEntries(shown.current, first));
    };
    const stop = live.onArrival(() => {
      clearTimeout(timer);
      // A failure shows nothing: the next arrival tries again.
      timer = setTimeout(() => void look().catch(() => undefined), ARRIVAL_PAUSE);
    });
    return () => {
      clearTimeout(timer);
      control.abort();
      stop();
    };
  }, [key]);

  const showArrived = useCallback(() => {
    if (shown.current === undefined) return;
    keep({ ...shown.current, entries: [...arrived, ...shown.current.entries] });
    setFresh(new Set(arrived.map(({ revision }) => revision.id)));
    setArrived([]);
  }, [arrived, keep]);

  const loadMore = useCallback(() => {
    const known = shown.current;
    if (known === undefined || known.nextCursor === null || isLoadingMore) return;
    setLoadingMore(true);
    loadTimeline(api, filters, known.nextCursor)
      .then(
        (next) => keep({ entries: [...known.entries, ...next.entries], nextCursor: next.nextCursor }),
        (error: unknown) => setState({ key, timeline: known, problem: toProblem(error) }),
      )
      .finally(() => setLoadingMore(false));
  }, [api, filters, isLoadingMore, keep, key]);

  const reload = useCallback(() => {
    setState({ key });
    setAttempt((count) => count + 1);
  }, [key]);

  const problem = state.key === key ? state.problem : undefined;
  return { timeline, problem, isLoadingMore, arrived, fresh, showArrived, loadMore, reload };
}
