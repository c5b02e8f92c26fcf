import type { EntityName } from '@mikro-orm/core';
import type { ActorType } from '../../model/actor.js';
import type { EntityKey, FieldPath, Operation } from '../../model/change.js';
import type { CountedBy } from '../../model/change-counts.js';
import type { PageOptions } from '../../model/page.js';
import type { Outcome } from '../../model/revision.js';
import type { PartOfQuery, ScopeOptions } from './trail-scope.js';

/** The operands for a value; several operators must all hold. Values have the type of the property. */
export interface ValueCondition<Value = unknown> {
  readonly eq?: Value;
  readonly gt?: Value;
  readonly gte?: Value;
  readonly lt?: Value;
  readonly lte?: Value;
  readonly in?: readonly Value[];
  /** True: the value is null; false: there is one that is not. */
  readonly isNull?: boolean;
}

/** The type in which a property is compared: its own, or the key of the entity that it refers to. */
type Compared<Value> =
  NonNullable<Value> extends string | number | bigint | boolean | Date | Uint8Array
    ? NonNullable<Value>
    : unknown;

/** A change of one property from a value to another; without conditions any change of it. */
export type ValueChange<Entity = Record<string, unknown>> =
  | {
      [Name in Extract<keyof Entity, string>]: {
        readonly property: Name;
        readonly from?: ValueCondition<Compared<Entity[Name]>>;
        readonly to?: ValueCondition<Compared<Entity[Name]>>;
      };
    }[Extract<keyof Entity, string>]
  | {
      /** A path into an embeddable or JSON; where it says no place in a list, such as the 0 of `rows.0.cost`, that of any item. */
      readonly property: `${Extract<keyof Entity, string>}.${string}`;
      readonly from?: ValueCondition;
      readonly to?: ValueCondition;
    };

/** Which actor; an id that is left out is any. */
export interface ActorQuery {
  readonly type?: ActorType;
  readonly id?: string;
}

/** Conditions on the headers of revisions; all that are given must hold. */
export interface RevisionConditions extends ScopeOptions {
  readonly actor?: ActorQuery;
  readonly onBehalfOf?: ActorQuery;
  /** Business intent, such as `invoice.approve`. */
  readonly action?: string;
  readonly correlationId?: string;
  readonly outcome?: Outcome;
  /** Revisions that bring this one back. */
  readonly restoredRevisionId?: string;
  /** Recorded at this time or later. */
  readonly from?: Date;
  /** Recorded before this time. */
  readonly until?: Date;
}

/** Conditions on changes; all that are given must hold. */
export interface ChangeConditions<Entity = Record<string, unknown>> extends RevisionConditions {
  /** A key or several; needs one `entity`. Where a key has several parts, several keys are a list of such lists. */
  readonly id?: EntityKey | readonly EntityKey[];
  /** An entity with everything that is `partOf` it. */
  readonly partOf?: PartOfQuery;
  /** Of this revision. */
  readonly revisionId?: string;
  /** These changes themselves, by `Change.id`, at most 500. */
  readonly changeId?: string | readonly string[];
  readonly operation?: Operation | readonly Operation[];
  /** One of these properties is in the change: it was changed, created or deleted. Needs one `entity`. */
  readonly property?: FieldPath<Entity> | readonly FieldPath<Entity>[];
  /** All of these are in the change. Needs one `entity`. */
  readonly value?: ValueChange<Entity> | readonly ValueChange<Entity>[];
  /** Somewhere in a label or a value, in any case. */
  readonly text?: string;
}

/** The activity to count. */
export interface ActivityQuery
  extends Omit<ChangeConditions, 'id' | 'revisionId' | 'changeId' | 'property' | 'value' | 'from'> {
  readonly entity?: EntityName | readonly EntityName[];
  readonly from: Date;
  /**
   * IANA name of the time zone whose days are counted, such as `Europe/Berlin`.
   * @default 'UTC'
   */
  readonly timeZone?: string;
}

/** By what changes are counted. */
export interface CountsOptions<By extends CountedBy> {
  readonly by: By;
  /**
   * Groups, 1 to 500: those with the most changes.
   * @default 50
   */
  readonly limit?: number;
}

/** Which changes of one entity class and its subclasses are counted. */
export interface EntityCountsQuery<Entity extends object, By extends CountedBy>
  extends ChangeConditions<Entity>,
    CountsOptions<By> {
  readonly entity: EntityName<Entity>;
}

/** Which changes of several classes, or of all, are counted. */
export interface CountsQuery<By extends CountedBy>
  extends Omit<ChangeConditions, 'id' | 'property' | 'value'>,
    CountsOptions<By> {
  readonly entity?: EntityName | readonly EntityName[];
}

/** The part of the feed that is asked for. */
export interface FeedQuery
  extends Omit<ChangeConditions, 'id' | 'revisionId' | 'changeId' | 'property' | 'value'> {
  readonly entity?: EntityName | readonly EntityName[];
  /**
   * The `position` of the page before, or the id of a revision, which stands for the end where it has no position yet; null
   * begins with the oldest.
   */
  readonly after: string | { readonly revision: string } | null;
  /**
   * Revisions to look at, 1 to 500.
   * @default 50
   */
  readonly limit?: number;
  /**
   * Whether a page that reaches the end waits, for a second at most, until everything that was committed before the call has its
   * position. In a transaction of the caller it never does.
   * @default true
   */
  readonly wait?: boolean;
}

/** The order of pages. */
export interface OrderOptions extends PageOptions {
  /** @default 'newest' */
  readonly order?: 'newest' | 'oldest';
}

/** Which changes of an entity, and in which order. */
export interface HistoryOptions<Entity> extends OrderOptions {
  /** Only changes that hold one of these properties; a creation and a deletion hold all. */
  readonly property?: FieldPath<Entity> | readonly FieldPath<Entity>[];
}

export interface DetailsOption<Details extends boolean = boolean> {
  /**
   * Whether each `revision` is whole: from where, correlation and trace ids, outcome, metadata. Without, it says who, when
   * and why, which costs no lookup.
   * @default false
   */
  readonly details?: Details;
}

/** A search for changes of one entity class and its subclasses. */
export interface EntityChangesQuery<Entity extends object> extends ChangeConditions<Entity>, OrderOptions {
  readonly entity: EntityName<Entity>;
}

/** A search for changes of several classes, or of all. */
export interface ChangesQuery extends Omit<ChangeConditions, 'id' | 'property' | 'value'>, OrderOptions {
  readonly entity?: EntityName | readonly EntityName[];
}
