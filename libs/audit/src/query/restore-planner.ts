import type { EntityName } from '@mikro-orm/core';
import type { RestorePlan } from '../model/restore-plan.js';
import type { EntityKey } from './entity-id.js';
import type { AcceptOptions, RestoreOptions, UndeleteOptions } from './restore-options.js';

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
