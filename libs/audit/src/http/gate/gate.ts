import type { Change, EntityKey } from '../../model/change.js';
import type { CountedBy } from '../../model/change-counts.js';
import type { PageOptions } from '../../model/page.js';
import type { AuditCatalog } from '../../query/terms/audit-catalog.js';
import type {
  ActivityQuery,
  CountsOptions,
  DetailsOption,
  FeedQuery,
  HistoryOptions,
  OrderOptions,
} from '../../query/terms/change-query.js';
import type { EntityType, EntityTypes } from '../../query/terms/entity-types.js';
import type { PointInTime } from '../../query/terms/point-in-time.js';
import type { SealedPage } from '../access/page-cursors.js';
import type { ReaderAccess } from '../access/reader-access.js';
import type { RecentCoverage } from '../limits/recent-coverage.js';
import type { ChangeFilter } from '../parameters/change-filter-parameters.js';
import type { ReaderTrail } from '../trail/reader-trail.js';
import { type AccessView, accessView } from '../view/access-view.js';
import { type ActivityView, activityView } from '../view/activity-view.js';
import {
  type BlameView,
  blameViews,
  type ChangeOfRevisionView,
  ChangeViews,
  type FieldView,
  fieldViews,
} from '../view/change-view.js';
import { type CountsView, countsView } from '../view/counts-view.js';
import { type CoverageView, coverageView } from '../view/coverage-view.js';
import { type RevisionSummaryView, revisionSummaryView, revisionView } from '../view/revision-view.js';
import { type StateView, StateViews } from '../view/state-view.js';
import { StoredRowViews } from '../view/stored-row-view.js';
import { leftOutOf } from './left-out.js';
import { seal } from './seal.js';
import type { SealedChangeView, SealViews, WholeRevisionView } from './seal-views.js';
import type { Visible } from './visible.js';
import { VisibleRows } from './visible-rows.js';

/** The result for each entity of a list, in its order; null where there is none. */
export interface EntityList<View> {
  readonly items: readonly (View | null)[];
}

/**
 * The one way by which anything of the trail gets to a reader: each answer is asked for within the scope of the reader, shown
 * without what is hidden from it, and sealed.
 */
export class Gate {
  private readonly views: ChangeViews;

  constructor(
    readonly reader: ReaderAccess,
    private readonly trail: ReaderTrail,
    private readonly seals: SealViews,
    private readonly types: EntityTypes,
    private readonly catalog: AuditCatalog,
    private readonly recent: RecentCoverage,
  ) {
    this.views = new ChangeViews(reader, types);
  }

  access(): Visible<AccessView> {
    const policies = this.catalog.all().flatMap((instance) => instance.policies.all());
    return seal(accessView(this.reader, policies));
  }

  async changes(
    filter: ChangeFilter,
    page: OrderOptions & DetailsOption,
  ): Promise<Visible<SealedPage<ChangeOfRevisionView>>> {
    return this.pageOfChanges(await this.trail.changes(filter, page));
  }

  async revisions(
    filter: ChangeFilter,
    page: OrderOptions,
  ): Promise<Visible<SealedPage<RevisionSummaryView>>> {
    const found = await this.trail.revisions(filter, page);
    return seal({ ...found, items: found.items.map(revisionSummaryView) });
  }

  /**
   * Null when there is no such revision for the reader.
   * @param most how many changes are shown with it
   */
  async revision(id: string, most: number): Promise<Visible<WholeRevisionView> | null> {
    const revision = await this.trail.revision(id, most);
    if (!revision) {
      return null;
    }
    const { nextCursor } =
      revision.changes.length < most
        ? { nextCursor: null }
        : await this.trail.changesOfRevision(id, { limit: most });
    const sealed = await this.seals.of([id, ...revision.changes.map((change) => change.id)]);
    const changes = revision.changes.map((change) => ({
      ...this.views.change(change),
      ...sealed(change.id),
    }));
    return seal({ ...revisionView(revision), ...sealed(id), changes, nextCursor });
  }

  /** Null when there is no such revision for the reader. */
  async changesOfRevision(
    id: string,
    page: PageOptions,
  ): Promise<Visible<SealedPage<SealedChangeView>> | null> {
    const found = await this.trail.changesOfRevision(id, page);
    if (found.items.length === 0 && !(await this.trail.revision(id, 1))) {
      return null;
    }
    const sealed = await this.seals.of(found.items.map((change) => change.id));
    const items = found.items.map((change) => ({ ...this.views.change(change), ...sealed(change.id) }));
    return seal({ ...found, items });
  }

  async history(
    type: EntityType,
    id: EntityKey,
    page: HistoryOptions<Record<string, unknown>> & DetailsOption,
  ): Promise<Visible<SealedPage<ChangeOfRevisionView>>> {
    return this.pageOfChanges(await this.trail.history(type, id, page));
  }

  /** With everything that is part of the entity. */
  async historyWithParts(
    type: EntityType,
    id: EntityKey,
    page: OrderOptions & DetailsOption,
  ): Promise<Visible<SealedPage<ChangeOfRevisionView>>> {
    return this.pageOfChanges(await this.trail.historyWithParts(type, id, page));
  }

  async state(
    type: EntityType,
    id: EntityKey,
    at: PointInTime,
    populate: readonly string[],
  ): Promise<Visible<{ readonly state: StateView | null }>> {
    const state = await this.trail.state(type, id, at, populate);
    return seal({ state: state && new StateViews(this.reader, type.instance).view(state, type.family) });
  }

  async states(
    type: EntityType,
    where: Readonly<Record<string, unknown>>,
    at: PointInTime,
    page: PageOptions,
  ): Promise<Visible<SealedPage<StateView>>> {
    const found = await this.trail.states(type, where, at, page);
    const views = new StateViews(this.reader, type.instance);
    return seal({ ...found, items: found.items.map((state) => views.view(state, type.family)) });
  }

  async statesOf(
    type: EntityType,
    ids: readonly EntityKey[],
    at: PointInTime,
  ): Promise<Visible<SealedPage<StateView | null>>> {
    const found = await this.trail.statesOf(type, ids, at);
    const views = new StateViews(this.reader, type.instance);
    const items = found.map((state) => state && views.view(state, type.family));
    return seal({ items, nextCursor: null });
  }

  async diff(
    type: EntityType,
    id: EntityKey,
    first: PointInTime,
    second: PointInTime,
  ): Promise<Visible<{ readonly fields: readonly FieldView[] }>> {
    const fields = await this.trail.diff(type, id, first, second);
    return seal({ fields: fieldViews(fields, this.reader.hiddenOfAny(type.family)) });
  }

  async blame(
    type: EntityType,
    id: EntityKey,
    details: DetailsOption,
  ): Promise<Visible<{ readonly properties: readonly BlameView[] | null }>> {
    const blame = await this.trail.blame(type, id, details);
    return seal({ properties: blame && blameViews(blame, this.reader.hiddenOfAny(type.family)) });
  }

  /** The newest change of each. */
  async latest(
    type: EntityType,
    ids: readonly EntityKey[],
    details: DetailsOption,
  ): Promise<Visible<EntityList<ChangeOfRevisionView>>> {
    const found = await this.trail.latest(type, ids, details);
    return seal({ items: found.map((change) => change && this.views.changeOfRevision(change)) });
  }

  async counts(query: ChangeFilter & CountsOptions<CountedBy>): Promise<Visible<CountsView>> {
    return seal(countsView(await this.trail.counts(query)));
  }

  async activity(
    query: ChangeFilter & Pick<ActivityQuery, 'from' | 'timeZone'>,
  ): Promise<Visible<ActivityView>> {
    return seal(activityView(await this.trail.activity(query)));
  }

  async coverage(): Promise<Visible<CoverageView>> {
    return seal(coverageView(this.reader, await this.recent.report()));
  }

  export(filter: ChangeFilter, order: Pick<OrderOptions, 'order'>): VisibleRows {
    const exporter = this.trail.export(filter, order);
    const views = new StoredRowViews(this.reader, this.types, exporter.instance);
    return new VisibleRows(exporter, views, leftOutOf(this.reader, filter));
  }

  /** Whether a revision is one of those that the reader may list. */
  async lists(revisionId: string): Promise<boolean> {
    return (await this.trail.revisions({ revisionId }, { limit: 1 })).items.length > 0;
  }

  /** Where the feed goes on, and what has come. */
  async feed(
    after: FeedQuery['after'],
  ): Promise<{ readonly position: string; readonly revisions: Visible<readonly RevisionSummaryView[]> }> {
    const { items, position } = await this.trail.feed(after);
    return { position, revisions: seal(items.map(revisionSummaryView)) };
  }

  feedEnd(): Promise<string> {
    return this.trail.feedEnd();
  }

  private pageOfChanges(page: SealedPage<Change>): Visible<SealedPage<ChangeOfRevisionView>> {
    return seal({ ...page, items: page.items.map((change) => this.views.changeOfRevision(change)) });
  }
}
