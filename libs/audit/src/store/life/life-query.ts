import type { JsonValue } from '../../model/json.js';
import type { RevisionBrief } from '../../model/revision.js';
import type { StoredChange } from '../tables/stored-change.js';

/** One entity in the trail. */
export interface LifeKey {
  /** The names under which its history may be stored. */
  readonly types: readonly string[];
  readonly id: string;
}

/** The same up to one of its changes. */
export interface BoundedLifeKey extends LifeKey {
  /** Id of the last change. */
  readonly untilId: string;
}

/** A moment in the trail: everything up to a time of record and, of that very time, up to a revision. */
export interface Moment {
  /** Microseconds since 1970, a decimal number. */
  readonly recordedAt: string;
  readonly revisionId: string;
  /** The revision whose end it is; null for another moment. */
  readonly endOf: string | null;
  /** The revision whose beginning it is; null for another moment. */
  readonly beginningOf: string | null;
}

/** A change of a life. */
export interface LifeChange extends StoredChange {
  readonly revision: RevisionBrief;
  /** False when it is later than the moment. */
  readonly reached: boolean;
  /** Whether it is in the scope. */
  readonly visible: boolean;
}

/** How far the trail knows entities. */
export interface ToldEntities {
  readonly whole: readonly string[];
  /** Those of which only their lives tell: they were deleted or got another key since, or came to have their id that way. */
  readonly doubtful: readonly string[];
}

/** Whole histories of some entities, in pages. */
export interface HistoriesQuery {
  readonly types: readonly string[];
  readonly ids: readonly string[];
  /** The last change of the page before, and the place of its entity in the list from 0; null for the first page. */
  readonly after: { readonly n: number; readonly id: string } | null;
  readonly limit: number;
}

/** A change in the history of an entity. */
export interface HistoryStep {
  /** The place of the entity in the list from 0. */
  readonly n: number;
  /** Whether it is stored under another id, and gave the entity its own. */
  readonly isArrival: boolean;
  readonly change: LifeChange;
}

/** Entities that have been changed since. */
export interface ChangedQuery {
  readonly types: readonly string[];
  /** Id of a transaction: changes of it and of all later ones. */
  readonly since: string;
  /** Only ids greater than this; null for the first page. */
  readonly afterId: string | null;
  readonly limit: number;
  /** Whether only ids are wanted that entities have got in place of others. */
  readonly onlyArrived?: boolean;
}

/** Goes through the trail entity by entity. */
export interface EntityWalk {
  /**
   * Which of some entities the trail knows wholly, because their creation or a baseline is recorded.
   * @param types the names under which their history may be stored
   */
  told(types: readonly string[], ids: readonly string[]): Promise<ToldEntities>;

  /** Everything that is recorded of some entities, those of one after the other, each in the order of writing. */
  histories(query: HistoriesQuery): Promise<readonly HistoryStep[]>;

  /** The ids that changes name which were written since, in the order of their texts. */
  changedIds(query: ChangedQuery): Promise<readonly string[]>;
}

/** Entities whose relation has led to some others at some time. */
export interface ReferrerQuery {
  readonly types: readonly string[];
  /** The names under which the relation may be stored. */
  readonly paths: readonly string[];
  /** The targets that it led to; any of them. */
  readonly targetIds: readonly string[];
  /** Only ids greater than this; null for all. */
  readonly afterId: string | null;
  /** How many changes may have led there; null for any number. */
  readonly limit: number | null;
}

/** Entities that have had some values, each at some time. */
export interface HolderQuery {
  readonly types: readonly string[];
  readonly values: readonly HeldValue[];
  /** Only ids greater than this; null for the first page. */
  readonly afterId: string | null;
  /** How many changes are looked at, or, when there are no values, entities. */
  readonly window: number;
}

/** A value, under one of the keys. */
export interface HeldValue {
  readonly keys: readonly string[];
  readonly value: JsonValue;
}

export interface HolderResult {
  /** In the order of their texts. */
  readonly ids: readonly string[];
  /** The last entity that was looked at; null when there is nothing more. */
  readonly stoppedAt: string | null;
}
