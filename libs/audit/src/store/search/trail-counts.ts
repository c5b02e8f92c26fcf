import type { BoundStatement } from '../sql/sql-statement.js';
import type { TableNames } from '../tables/table-names.js';
import type { ActivityCounts, ActivitySearch } from './activity-search.js';
import type { ChangeFilter } from './change-filter.js';
import type { CountSearch, GroupedCounts } from './count-search.js';
import { activitySql, groupedCountsSql } from './count-sql.js';
import { looksIntoValues, planOf } from './search-plan.js';
import type { RowRequest } from './search-rows.js';

/** Changes that are counted where the values of each are searched. */
const MOST_COUNTED_BY_VALUES = 5_000;

interface CountedRow {
  /** Milliseconds since 1970; null when all were counted. */
  readonly counted_from: number | null;
}

interface DayRow extends CountedRow {
  /** Null where nothing was found. */
  readonly day: string | null;
  readonly entity_type: string;
  readonly count: number;
}

/** Without what the changes of the group need not have in common. */
interface GroupRow extends CountedRow {
  readonly actor_type?: string;
  readonly actor_id?: string | null;
  readonly actor_label: string | null;
  readonly action?: string | null;
  readonly present_type?: string;
  readonly entity_id?: string;
  /** Null where nothing was found. */
  readonly changes: number | null;
  readonly revisions: number;
  readonly all_groups: number;
  readonly all_changes: number;
}

/** Counts the newest changes that a filter finds. */
export class TrailCounts {
  constructor(
    private readonly tables: TableNames,
    private readonly run: <Row>(statement: BoundStatement) => Promise<readonly Row[]>,
  ) {}

  /** See `TrailSearch.activity`. */
  async activity({ filter, timeZone, limit }: ActivitySearch): Promise<ActivityCounts> {
    const rows = await this.run<DayRow>(activitySql(newestOf(filter, limit), timeZone, this.tables));
    return {
      counts: rows.flatMap(({ day, entity_type: entityType, count }) =>
        day === null ? [] : [{ day, entityType, count }],
      ),
      countedFrom: countedFrom(rows),
    };
  }

  /** See `TrailSearch.counts`. */
  async counts(search: CountSearch): Promise<GroupedCounts> {
    const request = newestOf(search.filter, search.window);
    const rows = await this.run<GroupRow>(groupedCountsSql(request, search, this.tables));
    return {
      groups: rows.flatMap(({ changes, ...row }) =>
        changes === null
          ? []
          : {
              actorType: row.actor_type ?? '',
              actorId: row.actor_id ?? null,
              actorLabel: row.actor_label,
              action: row.action ?? null,
              entityType: row.present_type ?? '',
              entityId: row.entity_id ?? '',
              changes,
              revisions: row.revisions,
            },
      ),
      allGroups: rows[0]?.all_groups ?? 0,
      allChanges: rows[0]?.all_changes ?? 0,
      countedFrom: countedFrom(rows),
    };
  }
}

function newestOf(filter: ChangeFilter, limit: number): RowRequest {
  const plan = planOf(filter);
  const window = looksIntoValues(plan) ? Math.min(limit, MOST_COUNTED_BY_VALUES) : limit;
  return { filter, plan, newestFirst: true, after: null, window, details: false };
}

function countedFrom([row]: readonly CountedRow[]): Date | null {
  const from = row?.counted_from ?? null;
  return from === null ? null : new Date(from);
}
