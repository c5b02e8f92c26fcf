import { isDate } from 'node:util/types';
import { InvalidQueryError } from '../../errors/query-errors.js';
import { isRowId } from '../../model/row-id.js';
import type { AuditStore, Moment } from '../../store/audit-store.js';

/**
 * A time, the end of a revision, or the moment before one: the state that it found. A time includes everything that was
 * recorded in its millisecond, so that the `recordedAt` of a revision stands for the state after it. Of two revisions with
 * the same time, only their ids tell them apart.
 */
export type PointInTime = Date | { readonly revision: string } | { readonly beforeRevision: string };

/** Two points in time. */
export interface TimeSpan {
  readonly from: PointInTime;
  readonly to: PointInTime;
}

const MAX_BIGINT = 9_223_372_036_854_775_807n;
const MICROSECONDS = 1_000n;

/** @throws InvalidQueryError for an invalid date, and for a revision that does not exist */
export async function momentOf(point: PointInTime, store: AuditStore): Promise<Moment> {
  if (isDate(point)) {
    if (Number.isNaN(point.getTime())) {
      throw new InvalidQueryError('instant', 'is an invalid date', 'Give a valid Date.');
    }
    const lastOfMillisecond = BigInt(point.getTime()) * MICROSECONDS + MICROSECONDS - 1n;
    return {
      recordedAt: `${lastOfMillisecond}`,
      revisionId: `${MAX_BIGINT}`,
      endOf: null,
      beginningOf: null,
    };
  }
  if ('revision' in point) {
    return endOf(point.revision, store);
  }
  const moment = await endOf(point.beforeRevision, store);
  // Of revisions with the same time those with a smaller id come first.
  return {
    ...moment,
    revisionId: `${BigInt(moment.revisionId) - 1n}`,
    endOf: null,
    beginningOf: point.beforeRevision,
  };
}

async function endOf(revisionId: string, store: AuditStore): Promise<Moment> {
  assertRevisionId(revisionId);
  const moment = await store.search.momentOf(revisionId);
  if (!moment) {
    throw new InvalidQueryError(
      'revision',
      `names ${revisionId}, which does not exist`,
      'Give the id of a revision of this trail.',
    );
  }
  return moment;
}

/** @throws InvalidQueryError when the text cannot be the id of a revision */
export function assertRevisionId(id: string): void {
  if (!isRowId(id)) {
    throw new InvalidQueryError(
      'revision id',
      'is not a revision id',
      'Give the decimal number of a revision.',
    );
  }
}

/**
 * For error messages.
 * @param point null for now
 */
export function describePoint(point: PointInTime | null): string {
  if (point === null) {
    return 'present';
  }
  if (isDate(point)) {
    return point.toISOString();
  }
  return 'revision' in point
    ? `revision ${point.revision}`
    : `the time before revision ${point.beforeRevision}`;
}
