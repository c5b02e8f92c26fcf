import { InvalidQueryError } from '../../errors/query-errors.js';
import type { Activity, ActivityDay } from '../../model/activity.js';
import type { AuditCatalog } from '../terms/audit-catalog.js';
import { presentCounts } from '../terms/change-decoder.js';
import type { ActivityQuery } from '../terms/change-query.js';
import { type AnyConditions, resolveQuery } from './change-filter-resolver.js';

/** Changes that are looked at, so that a long range of a large trail cannot keep the database busy. */
export const MOST_CHANGES = 100_000;

/** Counts changes by day. */
export class ActivityCounter {
  constructor(private readonly catalog: AuditCatalog) {}

  /** @throws NotAuditedError, InvalidQueryError */
  async count({ timeZone = 'UTC', ...query }: ActivityQuery): Promise<Activity> {
    const { instance, filter } = resolveQuery(this.catalog, query as AnyConditions);
    const { search } = instance.store;
    if (!isTimeZoneHere(timeZone) || (timeZone !== 'UTC' && !(await search.isTimeZone(timeZone)))) {
      throw new InvalidQueryError(
        'timeZone',
        'is no time zone',
        "Give an IANA name, such as 'Europe/Berlin'.",
      );
    }
    if (!filter) {
      return { days: [], countedFrom: query.from };
    }
    const { counts, countedFrom } = await search.activity({ filter, timeZone, limit: MOST_CHANGES });
    const days = [...Map.groupBy(counts, ({ day }) => day)].map(([day, ofDay]): ActivityDay => {
      const byType = ofDay.map(({ entityType, count }) => [entityType, count] as const);
      const total = ofDay.reduce((sum, { count }) => sum + count, 0);
      return { day, total, counts: presentCounts(instance, Object.fromEntries(byType)) };
    });
    return { days, countedFrom: countedFrom ?? query.from };
  }
}

function isTimeZoneHere(name: string): boolean {
  try {
    return /^[a-z]/i.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}
