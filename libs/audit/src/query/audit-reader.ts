import type { EntityName } from '@mikro-orm/core';
import { Inject, Injectable } from '@nestjs/common';
import type { Activity } from '../model/activity.js';
import type { Blame } from '../model/blame.js';
import type { Change, EntityKey, FieldChange, RevisionWithChanges } from '../model/change.js';
import type { FeedPage, Page, PageOptions } from '../model/page.js';
import type { RestorePlan } from '../model/restore-plan.js';
import type { Revision, RevisionOf, RevisionSummary } from '../model/revision.js';
import {
  type AcceptOptions,
  type RestoreOptions,
  RestorePlanner,
  type UndeleteOptions,
} from './restore-planner.js';
import { ActivityCounter } from './search/activity-counter.js';
import type { AnyConditions } from './search/change-filter-resolver.js';
import { EntityHistory } from './search/entity-history.js';
import { readsOf } from './search/entity-reads.js';
import { TrailFeed } from './search/trail-feed.js';
import { TrailFinder } from './search/trail-finder.js';
import type { EntityState, RelationPath, StateFilter, StateOptions } from './state/entity-state.js';
import { plainState } from './state/state-shape.js';
import { TimeMachine } from './state/time-machine.js';
import { AuditCatalog } from './terms/audit-catalog.js';
import type {
  ActivityQuery,
  ChangesQuery,
  DetailsOption,
  EntityChangesQuery,
  FeedQuery,
  OrderOptions,
} from './terms/change-query.js';
import { isKey } from './terms/entity-id.js';
import type { PointInTime } from './terms/point-in-time.js';
import type { ScopeOptions } from './terms/trail-scope.js';

/** Reads the trail. Everything it returns is plain data; nothing of it is managed by an EntityManager. */
@Injectable()
export class AuditReader {
  private readonly stories: EntityHistory;
  private readonly finder: TrailFinder;
  private readonly past: TimeMachine;
  private readonly following: TrailFeed;
  private readonly counter: ActivityCounter;

  constructor(
    @Inject(AuditCatalog) private readonly catalog: AuditCatalog,
    @Inject(RestorePlanner) private readonly restores: RestorePlanner,
  ) {
    this.stories = new EntityHistory(catalog);
    this.finder = new TrailFinder(catalog);
    this.past = new TimeMachine(catalog);
    this.following = new TrailFeed(catalog);
    this.counter = new ActivityCounter(catalog);
  }

  /**
   * The changes of one entity, newest first. Changes of subclasses count as the class's own. Where the primary key has
   * changed, those under the ids before follow (not `within` a scope). An id without changes gives an empty page.
   * @throws NotAuditedError when the class is not audited
   * @throws InvalidQueryError for a limit outside 1 to 500, a cursor that is none, or an id with undefined, null or NaN in it
   */
  history<Entity extends object, Details extends boolean = false>(
    entity: EntityName<Entity>,
    id: EntityKey,
    options: PageOptions & ScopeOptions & DetailsOption<Details> = {},
  ): Promise<Page<Change<Entity, RevisionOf<Details>>>> {
    return this.stories.read(entity, id, options);
  }

  /**
   * Who looked at an entity whose reads are recorded (`@AuditRead()`), newest first: each a revision without changes.
   * @throws NotAuditedError, InvalidQueryError as `history` does
   */
  reads(entity: EntityName, id: EntityKey, page: PageOptions = {}): Promise<Page<Revision>> {
    return readsOf(this.catalog, entity, id, page);
  }

  /**
   * Changes that have everything that the query gives, newest first unless it says otherwise.
   * @throws NotAuditedError when a class is not audited
   * @throws InvalidQueryError for a property that the trail does not hold, a comparison that it does not allow, a text
   *   without bounds, or a cursor that is none or of another query
   */
  changes<Entity extends object, Details extends boolean = false>(
    query: EntityChangesQuery<Entity> & DetailsOption<Details>,
  ): Promise<Page<Change<Entity, RevisionOf<Details>>>>;
  changes<Details extends boolean = false>(
    query?: ChangesQuery & DetailsOption<Details>,
  ): Promise<Page<Change<Record<string, unknown>, RevisionOf<Details>>>>;
  changes(query: object = {}): Promise<Page<Change>> {
    return this.finder.changes(query as AnyConditions & OrderOptions & DetailsOption);
  }

  /**
   * Revisions with a change that has everything that the query gives, newest first unless it says otherwise.
   * @throws NotAuditedError, InvalidQueryError as `changes` does
   */
  revisions<Entity extends object>(query: EntityChangesQuery<Entity>): Promise<Page<RevisionSummary>>;
  revisions(query?: ChangesQuery): Promise<Page<RevisionSummary>>;
  revisions(query: object = {}): Promise<Page<RevisionSummary>> {
    return this.finder.revisions(query as AnyConditions & OrderOptions);
  }

  /**
   * Everything that happened together, with who and why. With several MikroORM instances, that of the first one that
   * has the id.
   * @param options.limit the first changes only, 1 to 500; all of them by default. `changes({ revisionId })` has pages.
   * @returns null when there is no such revision
   * @throws InvalidQueryError when the id is no revision id, and for another limit
   */
  revision(
    id: string,
    options: ScopeOptions & Pick<PageOptions, 'limit'> = {},
  ): Promise<RevisionWithChanges | null> {
    return this.finder.revision(id, options);
  }

  /**
   * Revisions as they are committed, for live views and for copies that must not miss any: one is seen only when no
   * transaction that began before it can still commit, so nothing ever appears before a position that was given out.
   * A transaction that stays open holds the feed back.
   * @throws NotAuditedError, InvalidQueryError as `changes` does, and for a position that is none
   */
  feed(query: FeedQuery): Promise<FeedPage> {
    return this.following.read(query as AnyConditions & FeedQuery);
  }

  /** The `position` at which the feed ends now: `feed` goes on from there with what is committed later. */
  feedEnd(): Promise<string> {
    return this.following.end();
  }

  /**
   * How many changes there were on each day, by entity type. At most 100,000 changes are looked at, the newest, and 5,000 where
   * a text, values or properties are looked for: see `Activity.countedFrom`.
   * @throws NotAuditedError, InvalidQueryError as `changes` does, and for an unknown time zone
   */
  activity(query: ActivityQuery): Promise<Activity> {
    return this.counter.count(query);
  }

  /**
   * What an entity was like at a time or after a revision, rebuilt from its changes, those under earlier keys included.
   * Whatever they do not tell is left out, and named by `gapsOf`.
   * @returns null when it did not exist then: not yet, not any more, or not under this key any more
   * @throws NotAuditedError when the class, or that of a relation to look up, is not audited
   * @throws HistoryUnavailableError when it is there, and nothing at all is recorded of it
   * @throws InvalidQueryError for an invalid date, a revision that does not exist, or an unknown relation
   */
  asOf<Entity extends object, Populated extends RelationPath<Entity> = never>(
    entity: EntityName<Entity>,
    id: EntityKey,
    at: PointInTime,
    options?: StateOptions<Populated> & ScopeOptions,
  ): Promise<EntityState<Entity, Populated> | null>;
  /**
   * The entities that had some values at a time or after a revision, in the order of their ids as texts. Entities that no
   * change is recorded of are not found.
   * @param where property paths with the value that each must have had; null is a value, and nothing finds all
   * @throws NotAuditedError, InvalidQueryError as above, and for a limit or cursor that cannot be
   */
  asOf<Entity extends object, Populated extends RelationPath<Entity> = never>(
    entity: EntityName<Entity>,
    where: StateFilter<Entity>,
    at: PointInTime,
    options?: StateOptions<Populated> & PageOptions & ScopeOptions,
  ): Promise<Page<EntityState<Entity, Populated>>>;
  async asOf(
    entity: EntityName,
    target: EntityKey | Readonly<Record<string, unknown>>,
    at: PointInTime,
    options: StateOptions & PageOptions & ScopeOptions = {},
  ): Promise<object | null> {
    if (isKey(target)) {
      const found = await this.past.one(entity, target, at, options);
      return found && plainState(found.state);
    }
    const page = await this.past.many(entity, target, at, options);
    return { ...page, items: page.items.map(plainState) };
  }

  /**
   * What differs between two points in time, in whatever order: `before` is the value at the first, `after` at the
   * second. JSON and embeddables are compared member by member, relations as keys.
   * @returns all properties with `before` or `after` undefined when the entity did not exist at one of them; nothing when
   *   it existed at neither
   * @throws NotAuditedError, HistoryUnavailableError, InvalidQueryError as `asOf` does
   */
  diff<Entity extends object>(
    entity: EntityName<Entity>,
    id: EntityKey,
    first: PointInTime,
    second: PointInTime,
    options: ScopeOptions = {},
  ): Promise<readonly FieldChange<Entity>[]> {
    return this.past.difference(entity, id, [first, second], options);
  }

  /**
   * For each property of the present state, who set it last, when and why.
   * @returns null when the entity does not exist now
   * @throws NotAuditedError when the class is not audited
   * @throws HistoryUnavailableError when it is there, and nothing at all is recorded of it
   */
  blame<Entity extends object>(
    entity: EntityName<Entity>,
    id: EntityKey,
    options: ScopeOptions = {},
  ): Promise<readonly Blame<Entity>[] | null> {
    return this.past.blame(entity, id, options);
  }

  /**
   * What restoring an entity to an earlier state would change, and what is in the way. Where it did not exist then, the
   * plan is to delete it. Nothing is changed: pass the plan to `AuditRestorer.apply`.
   * @throws NotAuditedError, HistoryUnavailableError, InvalidQueryError as `asOf` does, and for `properties` that the
   *   trail does not hold
   */
  planRestore<Entity extends object>(
    entity: EntityName<Entity>,
    id: EntityKey,
    options: RestoreOptions<Entity>,
  ): Promise<RestorePlan> {
    return this.restores.planRestore(entity, id, options);
  }

  /**
   * The plan to create a deleted entity anew, as it was before its last delete, and to link others to it again: all that it
   * would change, and what is in the way.
   * @throws NotAuditedError, HistoryUnavailableError as `asOf` does
   * @throws InvalidQueryError when the newest change of the entity is no delete
   */
  planUndelete<Entity extends object>(
    entity: EntityName<Entity>,
    id: EntityKey,
    options: UndeleteOptions = {},
  ): Promise<RestorePlan> {
    return this.restores.planUndelete(entity, id, options);
  }

  /**
   * What undoing everything that a revision did would change, and what is in the way: deletes what it created, creates
   * what it deleted, sets back what it changed, links included.
   * @throws InvalidQueryError when there is no such revision
   */
  planRestoreRevision(revisionId: string, options: AcceptOptions = {}): Promise<RestorePlan> {
    return this.restores.planRestoreRevision(revisionId, options);
  }
}
