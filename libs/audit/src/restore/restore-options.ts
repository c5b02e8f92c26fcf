import type { FieldPath } from '../model/change.js';
import type { RestoreConflictKind } from '../model/restore-conflict.js';
import type { PlaceOptions } from '../query/terms/place-options.js';
import type { PointInTime } from '../query/terms/point-in-time.js';
import type { ScopeOptions } from '../query/terms/trail-scope.js';

/** For whom something is restored. A plan that would read, set, delete or detach more than that is impossible. */
export interface RestoreLimits extends Pick<ScopeOptions, 'within'> {
  /** Whether entities of a type may be changed, and seen. */
  mayRestore(entityType: string): boolean;
  /** Whether the type may be named to whoever restores. */
  mayName(entityType: string): boolean;
  /** Whether a property may be neither seen nor set. */
  hides(entityType: string, path: string): boolean;
  /** Whether rows of tables that are not audited may go with what is deleted. */
  readonly mayTouchUnaudited: boolean;
}

export interface LimitOptions {
  /**
   * For whom it is.
   * @default nobody in particular: the plan may do everything
   */
  readonly limits?: RestoreLimits;
}

/** How to deal with what is in the way. */
export interface AcceptOptions extends LimitOptions, Pick<PlaceOptions, 'instance'> {
  /**
   * Kinds of conflicts that shall not block; what then happens says each kind, and the plan.
   * @default none
   */
  readonly accept?: readonly RestoreConflictKind[];
}

export interface UndeleteOptions extends AcceptOptions, PlaceOptions {
  /**
   * Restores also what belongs to it: entities whose to-one relation leads to it and that are `partOf` it, or that are
   * removed with it (by MikroORM or the database), and theirs. Entities that belonged to it then are created anew or set back,
   * what came to it since is deleted.
   * @default false
   */
  readonly withChildren?: boolean;
  /**
   * Values by path, as the entity has them, for what the plan calls `value-unknown` of a row that is created anew: what is
   * masked, not recorded or not audited. Plans show them masked, and tokens do not hold them.
   * @default none
   */
  readonly values?: Readonly<Record<string, unknown>>;
}

export interface RestoreOptions<Entity> extends UndeleteOptions {
  /** The state to go back to; `beforeRevision` is the one that the revision found. */
  readonly to: PointInTime;
  /**
   * Only these properties, relations, or members of embeddables. They need an entity that exists then and now.
   * @default all
   */
  readonly property?: FieldPath<Entity> | readonly FieldPath<Entity>[];
}
