import type { ChangeSearch, SearchPosition } from './change-filter.js';
import type { HolderQuery, LifeChange, LifeKey, Moment } from './life-query.js';
import type { ChangeOfRevision, StoredRevision } from './stored-change.js';

/** An item of a page with its position in the order of the page. */
export interface Found<Item> {
  readonly item: Item;
  readonly position: SearchPosition;
}

/** A revision with the number of its changes by entity type. */
export interface CountedRevision {
  readonly revision: StoredRevision;
  readonly counts: Readonly<Record<string, number>>;
}

/** Questions to the trail beyond the history of one entity. */
export interface TrailSearch {
  changes(search: ChangeSearch): Promise<readonly Found<ChangeOfRevision>[]>;

  /** Revisions with a change that the filter finds. */
  revisions(search: ChangeSearch): Promise<readonly Found<CountedRevision>[]>;

  /** By id, without those that do not exist. */
  revisionsOf(ids: readonly string[]): Promise<ReadonlyMap<string, StoredRevision>>;

  /** The moment after a revision; null when there is no such revision. */
  momentOf(revisionId: string): Promise<Moment | null>;

  /**
   * For each entity the changes from its newest create up to the moment. Where no create is that early: those of its
   * oldest life, up to its end, so that one sees whether it began later or is not recorded from its beginning.
   * @param moment null for now
   */
  lives(keys: readonly LifeKey[], moment: Moment | null): Promise<readonly (readonly LifeChange[])[]>;

  /** The ids of entities that have had all the values, each at some time, in the order of their texts. */
  holders(query: HolderQuery): Promise<readonly string[]>;
}
