import { isDate } from 'node:util/types';
import type { RestorePointJson } from '../model/restore-plan.js';
import type { PointInTime } from '../query/terms/point-in-time.js';

/** A point as plain JSON. */
export function pointJson(point: PointInTime): RestorePointJson {
  if (isDate(point)) {
    return { at: Number.isNaN(point.getTime()) ? String(point) : point.toISOString() };
  }
  return 'revision' in point ? { revision: point.revision } : { beforeRevision: point.beforeRevision };
}

/** The point that plain JSON stands for. */
export function pointOf(point: RestorePointJson): PointInTime {
  return 'at' in point ? new Date(point.at) : point;
}
