import type { EntityName } from '@mikro-orm/core';
import type { EntityKey } from '../model/change.js';
import type { Outcome } from '../model/revision.js';

/** Of an entity that was looked at. */
interface EntityRead {
  readonly entityType: string;
  readonly entityId: string;
}

/** Writes what happens without any change, in a transaction of its own, as the running context says. */
export interface AuditJournal {
  /** Everything but what the entry says is taken from the running context. */
  write(entry: JournalEntry): Promise<unknown>;

  /**
   * Writes a success of the action of the running context, unless the newest one under the same correlation id and with the
   * same metadata is a success already. A denied one does not count.
   * @returns whether it has written it
   */
  claim(): Promise<boolean>;
}

export interface JournalEntry {
  readonly outcome: Outcome;
  readonly reads?: readonly EntityRead[];
}

/** Takes down who looked at what. */
export abstract class ReadRegister {
  /**
   * Records that entities were looked at, those that the running context has not seen yet.
   * @throws NotAuditedError when the class is not audited
   * @throws AuditWriteError when it cannot be recorded
   */
  abstract record(entity: EntityName<object>, keys: readonly EntityKey[]): Promise<void>;
}
