import { InvalidQueryError } from '../../errors/query-errors.js';
import type { Activity } from '../../model/activity.js';
import type { Blame } from '../../model/blame.js';
import type { Change, EntityKey, FieldChange, RevisionWithChanges } from '../../model/change.js';
import type { ChangeCounts, CountedBy } from '../../model/change-counts.js';
import type { FeedPage, PageOptions } from '../../model/page.js';
import type { RevisionSummary } from '../../model/revision.js';
import { TRAIL_READ_ACTIONS } from '../../model/trail-read.js';
import { schemaOption } from '../../policy/row-schema.js';
import type { AnyConditions } from '../../query/search/change-filter-resolver.js';
import { TrailExporter } from '../../query/search/trail-export.js';
import type { AuditCatalog } from '../../query/terms/audit-catalog.js';
import type {
  ActivityQuery,
  ChangesQuery,
  CountsOptions,
  CountsQuery,
  DetailsOption,
  FeedQuery,
  HistoryOptions,
  OrderOptions,
} from '../../query/terms/change-query.js';
import type { EntityType } from '../../query/terms/entity-types.js';
import type { KeyList } from '../../query/terms/key-list.js';
import type { PointInTime } from '../../query/terms/point-in-time.js';
import type { ScopeOptions } from '../../query/terms/trail-scope.js';
import type { AuditPermission } from '../access/audit-access.js';
import type { PageCursors, SealedPage } from '../access/page-cursors.js';
import type { ReaderAccess } from '../access/reader-access.js';
import type { BoundedReads } from '../limits/bounded-reads.js';
import type { HttpLimits } from '../limits/http-limits.js';
import { asksForReads, type ChangeFilter } from '../parameters/change-filter-parameters.js';
import { BoundedExport } from './bounded-export.js';

const WITHOUT_READS = { exceptActions: TRAIL_READ_ACTIONS };

/** The trail as far as one reader may see it. The rest is not there: pages without it, null. */
export class ReaderTrail {
  constructor(
    private readonly catalog: AuditCatalog,
    private readonly reader: ReaderAccess,
    private readonly reads: BoundedReads,
    private readonly cursors: PageCursors,
    private readonly limits: Required<HttpLimits>,
  ) {}

  changes(filter: ChangeFilter, page: OrderOptions & DetailsOption): Promise<SealedPage<Change>> {
    return this.pageOfChanges(filter, 'list', page);
  }

  revisions(filter: ChangeFilter, page: OrderOptions): Promise<SealedPage<RevisionSummary>> {
    const query = { ...filter, ...exceptReads(filter), ...this.within('list') };
    return this.cursors.page(page, (opened) =>
      this.reads.ask((audit) => audit.revisions({ ...query, ...opened } as ChangesQuery)),
    );
  }

  /** The revisions that `revisions` finds, with their changes as far as the filter finds them. */
  export(filter: ChangeFilter, order: Pick<OrderOptions, 'order'>): BoundedExport {
    const query = { ...filter, ...exceptReads(filter), ...this.within('export'), ...order } as AnyConditions;
    return new BoundedExport(new TrailExporter(this.catalog.reading(), query), this.reads, this.limits);
  }

  /**
   * Null when there is no such revision, or nothing in it that the reader may see.
   * @param limit how many of its changes; all by default
   */
  revision(id: string, limit?: number): Promise<RevisionWithChanges | null> {
    return this.reads.ask((audit) =>
      audit.revision(id, { ...this.within('history'), ...(limit === undefined ? {} : { limit }) }),
    );
  }

  /** Null when there is no such change with which the reader may do it. */
  async change(changeId: string, action: 'history' | 'export'): Promise<Change | null> {
    const { items } = await this.pageOfChanges({ changeId }, action, { limit: 1 });
    return items[0] ?? null;
  }

  /** The changes of a revision in the order of writing. */
  changesOfRevision(revisionId: string, page: PageOptions): Promise<SealedPage<Change>> {
    return this.changesOf({ revisionId }, { ...page, order: 'oldest' });
  }

  history(
    { entity, place }: EntityType,
    id: EntityKey,
    page: HistoryOptions<Record<string, unknown>> & DetailsOption,
  ): Promise<SealedPage<Change>> {
    return this.changesOf({ entity, id: [id], ...place }, page);
  }

  /** With everything that is part of the entity. */
  historyWithParts(
    { entity, place }: EntityType,
    id: EntityKey,
    page: OrderOptions & DetailsOption,
  ): Promise<SealedPage<Change>> {
    return this.changesOf({ partOf: { entity, id, ...schemaOption(place) } }, page);
  }

  async state(
    { entity, place }: EntityType,
    id: EntityKey,
    at: PointInTime,
    populate: readonly string[],
  ): Promise<object | null> {
    await this.assertPoint(at);
    const options = { populate, ...place, ...this.within('values') };
    return this.reads.ask((audit) => audit.asOf(entity, id, at, options));
  }

  async states(
    { entity, place }: EntityType,
    where: Readonly<Record<string, unknown>>,
    at: PointInTime,
    page: PageOptions,
  ): Promise<SealedPage<object>> {
    await this.assertPoint(at);
    const options = { ...place, ...this.within('values') };
    return this.cursors.page(page, (opened) =>
      this.reads.ask((audit) => audit.findAsOf(entity, where, at, { ...options, ...opened })),
    );
  }

  async statesOf(
    { entity, place }: EntityType,
    ids: readonly EntityKey[],
    at: PointInTime,
  ): Promise<readonly (object | null)[]> {
    await this.assertPoint(at);
    const options = { ...place, ...this.within('values') };
    return this.reads.ask((audit) => audit.eachAsOf(entity, ids as KeyList<object>, at, options));
  }

  async diff(
    { entity, place }: EntityType,
    id: EntityKey,
    first: PointInTime,
    second: PointInTime,
  ): Promise<readonly FieldChange[]> {
    await this.assertPoint(first);
    await this.assertPoint(second);
    const options = { ...place, ...this.within('values') };
    return this.reads.ask((audit) => audit.diff(entity, id, { from: first, to: second }, options));
  }

  blame(
    { entity, place }: EntityType,
    id: EntityKey,
    details: DetailsOption,
  ): Promise<readonly Blame[] | null> {
    const options = { ...place, ...this.within('values'), ...details };
    return this.reads.ask((audit) => audit.blame(entity, id, options));
  }

  /** The newest change of each entity that the reader may see; null where it sees none. */
  latest(
    { entity, place }: EntityType,
    ids: readonly EntityKey[],
    details: DetailsOption,
  ): Promise<readonly (Change | null)[]> {
    const options = { ...place, ...this.within('history'), ...details };
    return this.reads.ask((audit) => audit.latest(entity, ids as KeyList<object>, options));
  }

  counts(query: ChangeFilter & CountsOptions<CountedBy>): Promise<ChangeCounts> {
    return this.reads.ask((audit) =>
      audit.counts({ ...query, ...this.within('list') } as CountsQuery<CountedBy>),
    );
  }

  activity(query: ChangeFilter & Pick<ActivityQuery, 'from' | 'timeZone'>): Promise<Activity> {
    return this.reads.ask((audit) => audit.activity({ ...query, ...this.within('list') } as ActivityQuery));
  }

  /** The commits after a position, without reads of the trail: following it is one. */
  feed(after: FeedQuery['after']): Promise<FeedPage> {
    // Who listens asks again in a second.
    const query = { ...WITHOUT_READS, after, wait: false };
    return this.reads.ask((audit) => audit.feed({ ...query, ...this.within('list') } as FeedQuery));
  }

  feedEnd(): Promise<string> {
    return this.reads.ask((audit) => audit.feedEnd());
  }

  /** Whether the reader may see any change of an entity. */
  async sees({ entity, place }: EntityType, id: EntityKey): Promise<boolean> {
    const { items } = await this.changesOf({ entity, id: [id], ...place }, { limit: 1 });
    return items.length > 0;
  }

  /** @throws InvalidQueryError for a revision that the reader may not know of */
  async assertPoint(point: PointInTime): Promise<void> {
    const id = 'revision' in point ? point.revision : 'beforeRevision' in point ? point.beforeRevision : null;
    if (id !== null && this.reader.scope('history') && !(await this.revision(id, 1))) {
      throw new InvalidQueryError(
        'revision',
        `names ${id}, which does not exist`,
        'Give the id of a revision of this trail.',
      );
    }
  }

  private changesOf(filter: ChangeFilter, page: OrderOptions & DetailsOption): Promise<SealedPage<Change>> {
    return this.pageOfChanges(filter, 'history', page);
  }

  private pageOfChanges(
    filter: ChangeFilter,
    action: AuditPermission,
    page: OrderOptions & DetailsOption,
  ): Promise<SealedPage<Change>> {
    const query = { ...filter, ...this.within(action) };
    return this.cursors.page(page, (opened) =>
      this.reads.ask((audit) => audit.changes({ ...query, ...opened } as ChangesQuery)),
    );
  }

  private within(action: AuditPermission): Pick<ScopeOptions, 'within'> {
    const within = this.reader.scope(action);
    return within === undefined ? {} : { within };
  }
}

function exceptReads(filter: ChangeFilter): Pick<AnyConditions, 'exceptActions'> {
  return asksForReads(filter) ? {} : WITHOUT_READS;
}
