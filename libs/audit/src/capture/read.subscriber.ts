import type { EntityClass, EntityManager, EventArgs, EventSubscriber } from '@mikro-orm/core';
import type { SqlTransaction } from '../model/sql-transaction.js';
import type { EntityPolicy } from '../policy/entity-policy.js';
import type { CaptureEnvironment } from './capture-environment.js';
import { isLoadAnnounced, isLoaded, keyOf, metaOf } from './orm/entity-facts.js';
import { entitiesLike } from './orm/identity-map.js';

/** An entity that was loaded. */
interface LoadedEntity {
  readonly entityType: string;
  readonly entityId: string;
}

/** @param transaction in which they were loaded; undefined outside any */
export type NoteReads = (
  reads: readonly LoadedEntity[],
  transaction: SqlTransaction | undefined,
) => Promise<void>;

/**
 * Tells which entities were loaded. MikroORM awaits it before it hands them out, one after the other; all that are known
 * by then are told with the first, so that a query costs one statement more and not one per row.
 */
export class ReadSubscriber implements EventSubscriber {
  private readonly told = new WeakSet<object>();
  private readonly classes: readonly EntityClass<object>[];

  /**
   * @param policies of the entities whose reads are recorded
   * @param environment what this process has created was not looked at
   */
  constructor(
    policies: readonly EntityPolicy[],
    private readonly environment: Pick<CaptureEnvironment, 'schemas' | 'snapshots'>,
    private readonly note: NoteReads,
  ) {
    this.classes = policies.map(({ meta }) => meta.class);
  }

  getSubscribedEntities(): EntityClass<object>[] {
    return [...this.classes];
  }

  async onLoad({ entity, em }: EventArgs<object>): Promise<void> {
    if (this.told.has(entity)) {
      this.told.delete(entity);
      return;
    }
    const others = [...entitiesLike(em.getUnitOfWork(false), entity)].filter(
      (other) => other !== entity && this.isNew(other),
    );
    const loaded = [entity, ...others];
    try {
      const reads = loaded.flatMap((each) => this.readOf(each, em) ?? []);
      await this.note(reads, em.getTransactionContext<SqlTransaction>());
    } catch (error) {
      // A query that finds them in the identity map would hand them out, and tell nobody.
      for (const each of loaded.filter((one) => !isLoadAnnounced(one))) {
        em.getUnitOfWork(false).unsetIdentity(each);
      }
      throw error;
    }
    for (const other of others) {
      this.told.add(other);
    }
  }

  /** Loaded, and MikroORM has not told so yet. */
  private isNew(entity: object): boolean {
    return (
      isLoaded(entity) &&
      !isLoadAnnounced(entity) &&
      !this.environment.snapshots.isCreated(entity) &&
      this.classes.some((read) => entity instanceof read)
    );
  }

  private readOf(entity: object, em: EntityManager): LoadedEntity | undefined {
    const codec = this.environment.schemas.around(entity, em).codecs.find(metaOf(entity));
    return (
      codec && {
        entityType: codec.policy.entityType,
        entityId: codec.entityId(keyOf(entity), 'unit-of-work'),
      }
    );
  }
}
