import type { ApiClient } from '../api/api-client.js';
import type { Change, ChangeWithRevision, Page, RevisionSummary } from '../model/trail.js';
import { type Filters, writeFilters } from '../routing/filters.js';

/** A revision with those of its changes that the filters ask for, as far as they were loaded. */
export interface TimelineEntry {
  readonly revision: RevisionSummary;
  readonly preview: readonly Change[];
}

/** The loaded part of a timeline. */
export interface Timeline {
  readonly entries: readonly TimelineEntry[];
  readonly nextCursor: string | null;
}

const REVISIONS_PER_PAGE = 30;
const PREVIEWS_PER_PAGE = 200;

/**
 * The next page of revisions. Their changes are asked for with the same filters and put beside them: two requests,
 * however many revisions; a revision whose changes lie beyond that has counts only.
 * @param cursor null for the first page
 */
export async function loadTimeline(
  api: ApiClient,
  filters: Filters,
  cursor: string | null,
  signal?: AbortSignal,
): Promise<Timeline> {
  const query = writeFilters(filters);
  query.set('limit', String(REVISIONS_PER_PAGE));
  if (cursor !== null) query.set('cursor', cursor);
  const revisions = await api.get<Page<RevisionSummary>>('revisions', query, signal);
  const changes = await loadPreviews(api, filters, revisions.items, signal);
  const entries = revisions.items.map((revision) => ({ revision, preview: changes.get(revision.id) ?? [] }));
  return { entries, nextCursor: revisions.nextCursor };
}

/** The changes of the time that the revisions span, by revision. They are an extra: without them the timeline stands. */
async function loadPreviews(
  api: ApiClient,
  filters: Filters,
  revisions: readonly RevisionSummary[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, readonly Change[]>> {
  const times = revisions.map(({ recordedAt }) => Date.parse(recordedAt));
  if (times.length === 0) return new Map();
  const from = new Date(Math.min(...times)).toISOString();
  const until = new Date(Math.max(...times) + 1).toISOString();
  const query = writeFilters({ ...filters, from, until });
  query.set('limit', String(PREVIEWS_PER_PAGE));
  const page = await api.get<Page<ChangeWithRevision>>('changes', query, signal).catch(() => ({ items: [] }));
  const byRevision = new Map<string, Change[]>();
  for (const { revision, ...change } of page.items) {
    byRevision.set(revision.id, [...(byRevision.get(revision.id) ?? []), change]);
  }
  return byRevision;
}

/** The entries that a fresh first page has and the timeline does not. */
export function newEntries(timeline: Timeline, fresh: Timeline): readonly TimelineEntry[] {
  const known = new Set(timeline.entries.map(({ revision }) => revision.id));
  return fresh.entries.filter(({ revision }) => !known.has(revision.id));
}
