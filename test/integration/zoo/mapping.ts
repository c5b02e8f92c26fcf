import type { EntityManager } from '@mikro-orm/postgresql';
import type { TestEntity } from '../../support/test-entity.js';

type Step = (em: EntityManager) => unknown;

/** A way to map entities, and their life. Each step has an EntityManager of its own, which is flushed after it. */
export interface Mapping {
  readonly title: string;
  /** Those that are audited. */
  readonly entities: readonly TestEntity[];
  /** Entities without rows of their own. */
  readonly others?: readonly TestEntity[];
  readonly create: Step;
  readonly updates: readonly Step[];
  readonly remove: Step;
  /** Why a restore does not give the rows that were removed; absent where it does. */
  readonly unrestored?: string;
}
