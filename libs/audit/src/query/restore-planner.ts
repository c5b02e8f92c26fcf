import type { EntityName } from '@mikro-orm/core';
import type { EntityKey, FieldPath } from '../model/change.js';
import type { RestoreConflictKind } from '../model/restore-conflict.js';
import type { RestorePlan } from '../model/restore-plan.js';
import type { PointInTime } from './terms/point-in-time.js';

/** A state to go back to. `beforeRevision` is the state in which the revision found things. */
export type RestorePoint = PointInTime | { readonly beforeRevision: string };

/** How to deal with what is in the way. */
export interface AcceptOptions {
  /**
   * Kinds of conflicts that shall not block; what then happens says each kind, and the plan.
   * @default none
   */
  readonly accept?: readonly RestoreConflictKind[];
}

export interface UndeleteOptions extends AcceptOptions {
  /**
   * Restores also what belongs to it: entities whose to-one relation leads to it and that are `partOf` it, or that are
   * removed with it (by MikroORM or the database), and theirs. What belonged to it then is created anew or set back,
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
  readonly to: RestorePoint;
  /**
   * Only these properties, relations, or members of embeddables. They need an entity that exists then and now.
   * @default all
   */
  readonly properties?: readonly FieldPath<Entity>[];
}

/** Plans restores, for which it also looks at what is in the database now. It changes nothing. */
export abstract class RestorePlanner {
  abstract planRestore<Entity extends object>(
    entity: EntityName<Entity>,
    id: EntityKey,
    options: RestoreOptions<Entity>,
  ): Promise<RestorePlan>;

  abstract planUndelete(entity: EntityName, id: EntityKey, options: UndeleteOptions): Promise<RestorePlan>;

  abstract planRestoreRevision(revisionId: string, options: AcceptOptions): Promise<RestorePlan>;
}
