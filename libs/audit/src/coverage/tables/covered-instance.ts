import type { EntityMetadata } from '@mikro-orm/core';
import type { RowFinder } from '../../capture/found-rows.js';
import type { AuditedInstance } from '../../query/terms/audit-catalog.js';
import type { StoreJournal } from '../../write/journal.js';

/** The triggers of `auditTriggers()` in one MikroORM instance. */
export interface RecordingTriggers {
  /** Their names by quoted table. */
  readonly names: ReadonlyMap<string, readonly string[]>;
  /** The bodies of their functions, by name; of a table that each tenant has, for the schema `TENANT`. */
  readonly bodies: ReadonlyMap<string, string>;
  /** The classes that they record, each with the quoted tables whose triggers it takes. */
  readonly classes: ReadonlyMap<object, readonly string[]>;
  /** Audited classes that they do not record, with the reason, in words. */
  readonly without: ReadonlyMap<object, string>;
}

/** An audited MikroORM instance, with what it takes to record what is found in its tables. */
export interface CoveredInstance extends AuditedInstance {
  readonly journal: StoreJournal;
  readonly finder: RowFinder;
  /** The metadata of the audit tables. */
  readonly trail: readonly EntityMetadata[];
  /** Null where no trigger records writes past the unit of work. */
  readonly triggers: RecordingTriggers | null;
}

/** The audited MikroORM instances of the application. */
export abstract class CoveredInstances {
  abstract all(): readonly CoveredInstance[];
}
