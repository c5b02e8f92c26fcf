import { isDate } from 'node:util/types';
import type { RestorePointJson } from '../model/restore-plan.js';
import type { RestorePoint } from '../query/restore-planner.js';
import { assertRevisionId, momentOf } from '../query/terms/point-in-time.js';
import type { AuditStore, Moment } from '../store/audit-store.js';

/** A point as plain JSON. */
export function pointJson(point: RestorePoint): RestorePointJson {
  if (isDate(point)) {
    return { at: Number.isNaN(point.getTime()) ? String(point) : point.toISOString() };
  }
  return 'revision' in point ? { revision: point.revision } : { beforeRevision: point.beforeRevision };
}

/** @throws InvalidQueryError for an invalid date, and for a revision that does not exist */
export async function restoreMoment(point: RestorePointJson, store: AuditStore): Promise<Moment> {
  if ('at' in point) {
    return momentOf(new Date(point.at), store);
  }
  if ('revision' in point) {
    return momentOf(point, store);
  }
  assertRevisionId(point.beforeRevision);
  const moment = await momentOf({ revision: point.beforeRevision }, store);
  // Of revisions with the same time those with a smaller id come first.
  return {
    ...moment,
    revisionId: `${BigInt(moment.revisionId) - 1n}`,
    endOf: null,
    beginningOf: point.beforeRevision,
  };
}

/** For messages. */
export function describeRestorePoint(point: RestorePointJson): string {
  if ('at' in point) {
    return point.at;
  }
  return 'revision' in point
    ? `revision ${point.revision}`
    : `the time before revision ${point.beforeRevision}`;
}
