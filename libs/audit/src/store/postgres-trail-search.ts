import type { RevisionOf } from '../model/revision.js';
import { type HolderRow, holdersSql, type ReferrerRow, referrersSql } from './life/entities-sql.js';
import type {
  HolderQuery,
  HolderResult,
  LifeChange,
  LifeKey,
  Moment,
  ReferrerQuery,
} from './life/life-query.js';
import { readLives } from './life/lives.js';
import { livesSql } from './life/lives-sql.js';
import { TrailWalk } from './life/trail-walk.js';
import { saysOfChanges } from './search/change-conditions.js';
import type { ChangeSearch } from './search/change-filter.js';
import type { FeedResult, FeedSearch } from './search/feed-search.js';
import { FEED_WINDOW, feedEndSql, feedSql, positionOfSql } from './search/feed-sql.js';
import type { LatestSearch } from './search/latest-search.js';
import { latestSql } from './search/latest-sql.js';
import type { ScopeFilter } from './search/scope-filter.js';
import { SearchPages } from './search/search-pages.js';
import { planOf, revisionPlanOf } from './search/search-plan.js';
import { RECORDED_MICROSECONDS } from './search/search-rows.js';
import {
  changesSql,
  revisionsByChangeSql,
  revisionsByTimeSql,
  type WindowSearch,
} from './search/search-sql.js';
import { TrailCounts } from './search/trail-counts.js';
import type { BoundStatement } from './sql/sql-statement.js';
import { IS_REVISION } from './tables/revision-rows.js';
import type {
  ChangeOfRevision,
  CountedRevision,
  DetailsOption,
  StoredRevision,
  TrailRow,
} from './tables/stored-change.js';
import {
  type ChangeRow,
  REVISION_COLUMNS,
  type RevisionRow,
  toChangeOfRevision,
  toStoredRevision,
  toTrailRow,
} from './tables/stored-row.js';
import type { TableNames } from './tables/table-names.js';
import type { SearchResult, TrailSearch } from './trail-search.js';

/** Runs a statement with bound values, in the transaction of the caller if there is one. */
export type StatementRunner = <Row>(sql: string, parameters: readonly unknown[]) => Promise<readonly Row[]>;

interface FeedEndRow {
  readonly size: string;
  readonly waits_for: string;
  /** Undefined where nobody has asked. */
  readonly is_waiting?: boolean;
}

type RevisionItemRow = RevisionRow & Pick<CountedRevision, 'counts'>;

/** The audit tables of one MikroORM instance, searched. */
export class PostgresTrailSearch implements TrailSearch {
  readonly activity: TrailSearch['activity'];
  readonly counts: TrailSearch['counts'];
  readonly walk: TrailWalk;
  private readonly pages: SearchPages;

  constructor(
    private readonly tables: TableNames,
    private readonly read: StatementRunner,
  ) {
    const counts = new TrailCounts(tables, (statement) => this.run(statement));
    this.activity = counts.activity.bind(counts);
    this.counts = counts.counts.bind(counts);
    this.walk = new TrailWalk(tables, (statement) => this.run(statement));
    this.pages = new SearchPages(tables, (statement) => this.run(statement));
  }

  changes<Details extends boolean>(
    search: ChangeSearch & DetailsOption<Details>,
  ): Promise<SearchResult<ChangeOfRevision<RevisionOf<Details>>>> {
    return this.pages.page(search, planOf(search.filter), changesSql, (row: ChangeRow & RevisionRow) =>
      toChangeOfRevision(row, search.details),
    );
  }

  async latest<Details extends boolean>(
    search: LatestSearch & DetailsOption<Details>,
  ): Promise<readonly (ChangeOfRevision<RevisionOf<Details>> & { readonly n: number })[]> {
    const rows =
      search.entityIds.length === 0
        ? []
        : await this.run<ChangeRow & RevisionRow & { readonly n: number }>(latestSql(search, this.tables));
    return rows.map((row) => ({ ...toChangeOfRevision(row, search.details), n: Number(row.n) - 1 }));
  }

  everything(search: ChangeSearch): Promise<SearchResult<TrailRow>> {
    const withActions = !saysOfChanges(search.filter);
    const filter = withActions ? search.filter : { ...search.filter, exceptActions: null };
    const toSql = (window: WindowSearch, tables: TableNames) =>
      changesSql({ ...window, withActions }, tables);
    return this.pages.page({ ...search, filter, details: true }, planOf(filter), toSql, toTrailRow);
  }

  revisions(search: ChangeSearch): Promise<SearchResult<CountedRevision>> {
    const plan = revisionPlanOf(search.filter);
    const toSql = plan.looksAt === 'changes' ? revisionsByChangeSql : revisionsByTimeSql;
    return this.pages.page({ ...search, details: false }, plan, toSql, toCountedRevision);
  }

  async feed(search: FeedSearch): Promise<FeedResult | null> {
    const rows = await this.run<
      RevisionItemRow & FeedEndRow & { readonly position: string | null; readonly matches: boolean }
    >(feedSql(search, this.tables));
    const [head] = rows;
    if (!head) {
      return null;
    }
    const seen = rows.flatMap((row) => (row.position === null ? [] : [{ ...row, position: row.position }]));
    const last = seen.length === search.limit ? seen.at(-1) : undefined;
    const end = last ? BigInt(last.position) + 1n : BigInt(search.after) + FEED_WINDOW;
    return {
      revisions: seen
        .filter(({ matches }) => matches)
        .map((row) => ({ ...toCountedRevision(row), position: row.position })),
      after: (end < BigInt(head.size) ? end : BigInt(head.size)).toString(),
      size: head.size,
      waitsFor: head.is_waiting === true ? head.waits_for : null,
    };
  }

  async feedEnd(): Promise<string | null> {
    const [row] = await this.read<{ size: string }>(feedEndSql(this.tables), []);
    return row?.size ?? null;
  }

  async positionOf(changeId: string): Promise<string | null> {
    const [row] = await this.read<{ position: string }>(positionOfSql(this.tables), [changeId]);
    return row?.position ?? null;
  }

  async oldestOpenTransaction(): Promise<string> {
    const [row] = await this.read<{ oldest: string }>(
      'select pg_snapshot_xmin(pg_current_snapshot())::text as oldest',
      [],
    );
    return row?.oldest ?? '0';
  }

  async replicatedUntil(): Promise<Date | null> {
    const [row] = await this.read<{ at: number | null }>(
      'select (extract(epoch from pg_last_xact_replay_timestamp()) * 1000)::float8 as at where pg_is_in_recovery()',
      [],
    );
    return row ? new Date(row.at ?? 0) : null;
  }

  async isTimeZone(name: string): Promise<boolean> {
    const [row] = await this.read<{ valid: boolean }>(
      `select pg_input_is_valid('2000-01-01 00:00 ' || $1::text, 'timestamptz') as valid`,
      [name],
    );
    return row?.valid === true;
  }

  async revisionsOf(ids: readonly string[]): Promise<ReadonlyMap<string, StoredRevision>> {
    const rows = await this.read<RevisionRow>(
      `select ${REVISION_COLUMNS} from ${this.tables.change} r where r.id = any($1::bigint[]) and ${IS_REVISION}`,
      [ids],
    );
    return new Map(rows.map((row) => [row.revision_id, toStoredRevision(row)]));
  }

  async renamingTo(
    types: readonly string[],
    id: string,
  ): Promise<{ readonly id: string; readonly entityId: string } | null> {
    const { change } = this.tables;
    const [row] = await this.read<{ id: string; entity_id: string }>(
      `select c.id::text as id, c.entity_id from ${change} c
       where c.entity_type = any($1::text[]) and c.renamed_to = $2::text and not exists (
         select from ${change} o where o.entity_type = any($1::text[]) and o.entity_id = $2::text and o.id < c.id)
       order by c.id limit 1`,
      [types, id],
    );
    return row ? { id: row.id, entityId: row.entity_id } : null;
  }

  async momentOf(revisionId: string): Promise<Moment | null> {
    const [row] = await this.read<{ recorded_at: string }>(
      `select ${RECORDED_MICROSECONDS} as recorded_at from ${this.tables.change} r where r.id = $1::bigint and ${IS_REVISION}`,
      [revisionId],
    );
    return row ? { recordedAt: row.recorded_at, revisionId, endOf: revisionId, beginningOf: null } : null;
  }

  async lives(
    keys: readonly LifeKey[],
    moment: Moment | null,
    scope: ScopeFilter | null,
  ): Promise<readonly (readonly LifeChange[])[]> {
    return readLives(keys, (some) => this.run(livesSql(some, moment, scope, this.tables)));
  }

  async referrers(query: ReferrerQuery): Promise<readonly string[] | null> {
    if (query.targetIds.length === 0) {
      return [];
    }
    const [row] = await this.run<ReferrerRow>(referrersSql(query, this.tables));
    const isMore = query.limit !== null && row !== undefined && row.count > query.limit;
    return isMore ? null : (row?.ids ?? []);
  }

  async holders(query: HolderQuery): Promise<HolderResult> {
    const rows = await this.run<HolderRow>(holdersSql(query, this.tables));
    const last = rows.at(-1);
    // An entity that alone has more changes than may be looked at is passed over as a whole.
    const isWhole = !last?.is_cut || last.previous_id === null;
    const holders = rows.filter((row) =>
      row === last ? isWhole && (row.is_holder || row.is_cut) : row.is_holder,
    );
    const stoppedAt = last?.is_cut ? (last.previous_id ?? last.entity_id) : null;
    return { ids: holders.map((row) => row.entity_id), stoppedAt };
  }

  private run<Row>({ sql, parameters }: BoundStatement): Promise<readonly Row[]> {
    return this.read<Row>(sql, parameters);
  }
}

function toCountedRevision(row: RevisionItemRow): CountedRevision {
  return { revision: toStoredRevision(row), counts: row.counts };
}
