import type { EntityName } from '@mikro-orm/core';
import { Inject, Injectable } from '@nestjs/common';
import type { Activity } from '../model/activity.js';
import type { Change, EntityKey, RevisionWithChanges } from '../model/change.js';
import type { ChangeCounts, CountedBy } from '../model/change-counts.js';
import type { FeedPage, Page, PageOptions } from '../model/page.js';
import type { Revision, RevisionOf, RevisionSummary } from '../model/revision.js';
import { PastReader } from './past-reader.js';
import { ActivityCounter } from './search/activity-counter.js';
import { ChangeCounter } from './search/change-counter.js';
import type { AnyConditions } from './search/change-filter-resolver.js';
import { EntityHistory } from './search/entity-history.js';
import { readsOf } from './search/entity-reads.js';
import { latestChanges } from './search/latest-changes.js';
import { replicatedUntil } from './search/replicated-until.js';
import { TrailExporter } from './search/trail-export.js';
import { TrailFeed } from './search/trail-feed.js';
import { TrailFinder } from './search/trail-finder.js';
import { AuditCatalog } from './terms/audit-catalog.js';
import type {
  ActivityQuery,
  ChangesQuery,
  CountsOptions,
  CountsQuery,
  DetailsOption,
  EntityChangesQuery,
  EntityCountsQuery,
  FeedQuery,
  HistoryOptions,
  OrderOptions,
} from './terms/change-query.js';
import type { KeyList } from './terms/key-list.js';
import type { PlaceOptions } from './terms/place-options.js';
import type { ScopeOptions } from './terms/trail-scope.js';

/** Reads the trail. Everything it returns is plain data; nothing of it is managed by an EntityManager. */
@Injectable()
export class AuditReader extends PastReader {
  private readonly stories: EntityHistory;
  private readonly finder: TrailFinder;
  private readonly following: TrailFeed;
  private readonly counter: ActivityCounter;
  private readonly grouped: ChangeCounter;

  private readonly catalog: AuditCatalog;

  constructor(@Inject(AuditCatalog) catalog: AuditCatalog) {
    const reading = catalog.reading();
    super(reading);
    this.catalog = reading;
    this.stories = new EntityHistory(reading);
    this.finder = new TrailFinder(reading);
    this.following = new TrailFeed(reading);
    this.counter = new ActivityCounter(reading);
    this.grouped = new ChangeCounter(reading);
  }

  /**
   * The changes of one entity, newest first unless it is asked otherwise. Changes of subclasses count as the class's own.
   * Where the primary key has changed, those under the ids before belong to it (not `within` a scope). An id without changes
   * gives an empty page.
   * @throws NotAuditedError when the class is not audited
   * @throws InvalidQueryError for a limit outside 1 to 500, an invalid cursor or one of another query, a property that the
   *   trail does not hold, or an id with undefined, null or NaN in it
   */
  history<Entity extends object, Details extends boolean = false>(
    entity: EntityName<Entity>,
    id: EntityKey,
    options: HistoryOptions<Entity> & ScopeOptions & DetailsOption<Details> = {},
  ): Promise<Page<Change<Entity, RevisionOf<Details>>>> {
    return this.stories.read(entity, id, options);
  }

  /** Whether an entity, or one that extends it, is audited. */
  isAudited(entity: EntityName): boolean {
    return this.catalog.all().some(({ policies }) => policies.family(entity).length > 0);
  }

  /**
   * The newest change of each of several entities, in the order of their ids, with one query and a few blocks for each: "last
   * modified by" of a list. Null in the place of one without changes, or without any `within` the scope.
   * @throws NotAuditedError when the class is not audited
   * @throws InvalidQueryError for an id with undefined, null or NaN in it
   */
  latest<Entity extends object, Details extends boolean = false>(
    entity: EntityName<Entity>,
    ids: KeyList<Entity>,
    options: ScopeOptions & DetailsOption<Details> = {},
  ): Promise<readonly (Change<Entity, RevisionOf<Details>> | null)[]> {
    return latestChanges(this.catalog, entity, ids, options);
  }

  /**
   * Who looked at an entity whose reads are recorded (`@AuditRead()`), newest first: each a revision without changes.
   * @throws NotAuditedError, InvalidQueryError as `history` does
   */
  reads(entity: EntityName, id: EntityKey, page: PageOptions & PlaceOptions = {}): Promise<Page<Revision>> {
    return readsOf(this.catalog, entity, id, page);
  }

  /**
   * Changes that have everything that the query gives, newest first unless it says otherwise.
   * @throws NotAuditedError when a class is not audited
   * @throws InvalidQueryError for a property that the trail does not hold, a comparison that it does not allow, a text
   *   without bounds, or an invalid cursor or one of another query
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
   * Ids of everything that a query finds, as many as there are, for `AuditEvidence.export()`: of its changes, and of revisions without any.
   * @returns `Change.id` and `Revision.id`, which are ids of one kind, newest first unless the query says otherwise
   * @throws NotAuditedError, InvalidQueryError as `changes` does, at once
   */
  allIds<Entity extends object>(
    query: Omit<EntityChangesQuery<Entity>, keyof PageOptions>,
  ): AsyncIterable<string>;
  allIds(query?: Omit<ChangesQuery, keyof PageOptions>): AsyncIterable<string>;
  allIds(query: object = {}): AsyncIterable<string> {
    return new TrailExporter(this.catalog, query as AnyConditions & OrderOptions).ids();
  }

  /**
   * Everything that happened together, with who and why.
   * @param options.limit the first changes only, 1 to 500; all of them by default. `changes({ revisionId })` has pages.
   * @returns null when there is no such revision
   * @throws InvalidQueryError when the id is no revision id, for another limit, and where one of several MikroORM instances has to be named
   */
  revision(
    id: string,
    options: Omit<ScopeOptions, 'schema'> & Pick<PageOptions, 'limit'> = {},
  ): Promise<RevisionWithChanges | null> {
    return this.finder.revision(id, options);
  }

  /**
   * Revisions in the order of their commits, for live views and for copies that must not miss any: nothing ever appears before a
   * position that was given out, what a revision has changed is never told before what it has found, and nobody's open
   * transaction holds others back. Everything committed before the call is in it, unless the sequencer takes more than a
   * second (`FeedQuery.wait`).
   * @throws NotAuditedError, InvalidQueryError as `changes` does, and for an invalid position
   * @throws SequencerMissingError when there never was a sequencer
   */
  feed(query: FeedQuery): Promise<FeedPage> {
    return this.following.read(query as AnyConditions & FeedQuery);
  }

  /**
   * The `position` at which the feed ends now: `feed` goes on from there with what gets its position later.
   * @throws SequencerMissingError when there never was a sequencer
   */
  feedEnd(place: Pick<PlaceOptions, 'instance'> = {}): Promise<string> {
    return this.following.end(place);
  }

  /**
   * Until when the replica that is read from has everything: the commit of the newest transaction that it has. With several, that of the
   * one that answers.
   * @returns null where the trail is read from the primary, which has all
   */
  replicatedUntil(): Promise<Date | null> {
    return replicatedUntil(this.catalog);
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
   * How many changes there were by actor, action, entity type or entity, those with the most first. At most 100,000 changes
   * are looked at, the newest: see `ChangeCounts.countedFrom`. Recorded actions, which have no changes, are not counted.
   * @throws NotAuditedError, InvalidQueryError as `changes` does
   */
  counts<Entity extends object, By extends CountedBy>(
    query: EntityCountsQuery<Entity, By>,
  ): Promise<ChangeCounts<By>>;
  counts<By extends CountedBy>(query: CountsQuery<By>): Promise<ChangeCounts<By>>;
  counts(query: object): Promise<ChangeCounts> {
    return this.grouped.count(query as AnyConditions & CountsOptions<CountedBy>);
  }
}
