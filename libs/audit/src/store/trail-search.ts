import type { RevisionOf } from '../model/revision.js';
import type {
  EntityWalk,
  HolderQuery,
  HolderResult,
  LifeChange,
  LifeKey,
  Moment,
  ReferrerQuery,
} from './life/life-query.js';
import type { ActivityCounts, ActivitySearch } from './search/activity-search.js';
import type { ChangeSearch, SearchPosition } from './search/change-filter.js';
import type { CountSearch, GroupedCounts } from './search/count-search.js';
import type { FeedResult, FeedSearch } from './search/feed-search.js';
import type { LatestSearch } from './search/latest-search.js';
import type { ScopeFilter } from './search/scope-filter.js';
import type {
  ChangeOfRevision,
  CountedRevision,
  DetailsOption,
  StoredRevision,
  TrailRow,
} from './tables/stored-change.js';

/** An item of a page with its position in the order of the page. */
export interface Found<Item> {
  readonly item: Item;
  readonly position: SearchPosition;
}

/**
 * The result of a search. A search looks at a bounded number of rows; where conditions that no index serves find less
 * than was asked for, it stops early.
 */
export interface SearchResult<Item> {
  readonly found: readonly Found<Item>[];
  /** Where it stopped early; null when it found enough, or there is nothing more. */
  readonly stoppedAt: SearchPosition | null;
}

/** Questions to the trail beyond the history of one entity. */
export interface TrailSearch {
  changes<Details extends boolean>(
    search: ChangeSearch & DetailsOption<Details>,
  ): Promise<SearchResult<ChangeOfRevision<RevisionOf<Details>>>>;

  /** The newest change of each entity that has one, with its place in the list from 0. */
  latest<Details extends boolean>(
    search: LatestSearch & DetailsOption<Details>,
  ): Promise<readonly (ChangeOfRevision<RevisionOf<Details>> & { readonly n: number })[]>;

  /** The same with what has no changes, where the filter says nothing of changes. */
  everything(search: ChangeSearch): Promise<SearchResult<TrailRow>>;

  /** Revisions that the filter finds: by a change, where it says something of changes. */
  revisions(search: ChangeSearch): Promise<SearchResult<CountedRevision>>;

  /** Revisions in the order of their commits; null where there never was a sequencer. */
  feed(search: FeedSearch): Promise<FeedResult | null>;

  /** How many positions there are, decimal; null where there never was a sequencer. */
  feedEnd(): Promise<string | null>;

  /** The position of a row, from 0, decimal; null when it has none yet. */
  positionOf(changeId: string): Promise<string | null>;

  /** The oldest transaction that may still be open: all those before it have ended. Decimal. */
  oldestOpenTransaction(): Promise<string>;

  /** The commit of the newest transaction that the server has, if it is a replica; null for a primary. */
  replicatedUntil(): Promise<Date | null>;

  /** Counts the changes that the filter finds, among the newest of its time range. */
  activity(search: ActivitySearch): Promise<ActivityCounts>;

  /** Counts the same by what changes have in common. */
  counts(search: CountSearch): Promise<GroupedCounts>;

  /** Whether PostgreSQL knows a time zone by its name. */
  isTimeZone(name: string): Promise<boolean>;

  /** By id, without those that do not exist. */
  revisionsOf(ids: readonly string[]): Promise<ReadonlyMap<string, StoredRevision>>;

  /**
   * The change that gave an entity its id, where its history began under another one: null when no change did, or there
   * are changes under the id from before.
   */
  renamingTo(
    types: readonly string[],
    id: string,
  ): Promise<{ readonly id: string; readonly entityId: string } | null>;

  /** The moment after a revision; null when there is no such revision. */
  momentOf(revisionId: string): Promise<Moment | null>;

  /**
   * For each entity the changes from its newest create up to the moment, and the next one, which tells what it found.
   * Where no create is that early: all of them up to the end of its life, so that one sees whether it began later or is
   * not recorded from its beginning. An entity
   * that came to have its id by a change of the key brings its changes under the ids before.
   * @param moment null for now
   * @param scope by which each change is marked as visible; null for everything
   */
  lives(
    keys: readonly LifeKey[],
    moment: Moment | null,
    scope: ScopeFilter | null,
  ): Promise<readonly (readonly LifeChange[])[]>;

  readonly walk: EntityWalk;

  /**
   * The ids of entities whose relation has led to some others at some time, in the order of their texts; null when more
   * changes than the limit did.
   */
  referrers(query: ReferrerQuery): Promise<readonly string[] | null>;

  /**
   * The next entities that have had all the values. It looks at a bounded number of changes; an entity that has more than
   * that is taken for one that had them.
   */
  holders(query: HolderQuery): Promise<HolderResult>;
}
