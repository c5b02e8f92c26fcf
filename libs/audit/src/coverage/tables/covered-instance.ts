import type { EntityMetadata } from '@mikro-orm/core';
import type { RowFinder } from '../../capture/found-rows.js';
import type { AuditedInstance } from '../../query/terms/audit-catalog.js';
import type { StoreJournal } from '../../write/journal.js';

/** An audited MikroORM instance, with what it takes to record what is found in its tables. */
export interface CoveredInstance extends AuditedInstance {
  readonly journal: StoreJournal;
  readonly finder: RowFinder;
  /** The metadata of the audit tables. */
  readonly trail: readonly EntityMetadata[];
  /** The names of the triggers that record writes past the unit of work, by quoted table; empty where there are none. */
  readonly triggers: ReadonlyMap<string, readonly string[]>;
}

/** The audited MikroORM instances of the application. */
export abstract class CoveredInstances {
  abstract all(): readonly CoveredInstance[];
}
