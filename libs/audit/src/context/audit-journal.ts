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
}

export interface JournalEntry {
  readonly outcome: Outcome;
  readonly reads?: readonly EntityRead[];
}
