import type { ChangeFilter } from './change-filter.js';

/**
 * Where a search begins, so that an index serves it, and with it the order of its pages: by the id of the change where
 * one entity or type is looked at, by the id of the revision where its header decides, by time where nothing else does.
 */
export type SearchPlan = 'entity' | 'type' | 'revision' | 'time';

export function planOf(filter: ChangeFilter): SearchPlan {
  if (filter.entityIds || filter.root) {
    return 'entity';
  }
  if (filter.actor || filter.onBehalfOf || filter.action !== null || filter.correlationId !== null) {
    return 'revision';
  }
  if (filter.from || filter.until) {
    return 'time';
  }
  return 'type';
}

/** Half-open span of microseconds since 1970; null is without end. */
export interface TimeSlice {
  readonly from: bigint | null;
  readonly until: bigint | null;
}

const FIRST_WIDTH = 60_000_000n;
const GROWTH = 8n;
const MAX_SLICES = 7;

/**
 * Cuts a span into slices that grow, from the end where the page begins. A page that is soon full then reads little,
 * whatever the length of the span; the BRIN index on the time has no order by which one could stop early.
 *
 * @param start where there is something at the near end, when the span has no end there
 */
export function* timeSlices(span: TimeSlice, newestFirst: boolean, start: bigint): Generator<TimeSlice> {
  const near = (newestFirst ? span.until : span.from) ?? start;
  let width = FIRST_WIDTH;
  let edge: bigint | null = newestFirst ? span.until : span.from;
  for (let slice = 1; slice < MAX_SLICES; slice += 1) {
    const next = newestFirst ? near - width : near + width;
    const far = newestFirst ? span.from : span.until;
    if (far !== null && (newestFirst ? next <= far : next >= far)) {
      break;
    }
    yield newestFirst ? { from: next, until: edge } : { from: edge, until: next };
    edge = next;
    width *= GROWTH;
  }
  yield newestFirst ? { from: span.from, until: edge } : { from: edge, until: span.until };
}
