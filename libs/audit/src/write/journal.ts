import { unlessConflict } from '../capture/orm/conflict.js';
import type { TransactionScopes } from '../capture/transaction/transaction-scopes.js';
import type { AuditContext } from '../context/audit-context.js';
import type { AuditJournal, JournalEntry } from '../context/audit-journal.js';
import type { CurrentContext } from '../context/context-values.js';
import { isSomebody } from '../context/known-actor.js';
import { MissingActorError, MissingReasonError } from '../errors/context-errors.js';
import { AuditWriteError } from '../errors/write-errors.js';
import type { ChangeRecord } from '../model/change-record.js';
import type { AuditStore, SqlTransaction, StoredRead } from '../store/audit-store.js';
import type { AuditMetrics } from './audit-metrics.js';
import type { RevisionContexts } from './revision-context.js';

/** Writes what has no changes, by the rules of the module: actions, and who has looked at what. */
export class EntryJournal implements AuditJournal {
  constructor(
    private readonly entries: Pick<AuditStore, 'record' | 'claim'>,
    protected readonly context: AuditContext,
    private readonly requireActor: boolean,
    protected readonly metrics: AuditMetrics,
    protected readonly contexts: RevisionContexts,
  ) {}

  /**
   * @param transaction the one to write in; null for one of its own, which a rollback of another does not touch
   * @returns id of the revision
   * @throws MissingActorError where the options ask for an actor; what was denied or has failed needs none
   * @throws MissingReasonError inside an action that must have a reason
   * @throws AuditWriteError with the cause
   */
  async write(
    { outcome, reads = [] }: JournalEntry,
    transaction: SqlTransaction | null = null,
  ): Promise<string> {
    const current = await this.context.resolved();
    if (outcome === 'success') {
      this.assertTold(current, reads[0] ? `Reading ${reads[0].entityType}` : nameOf(current));
    }
    const id = await written(
      this.entries.record(this.contexts.toNewRevision(current, outcome), reads, transaction),
    );
    this.metrics.count('entries');
    this.metrics.count('reads', reads.length);
    return id;
  }

  /** @throws MissingActorError, MissingReasonError, AuditWriteError as `write` does */
  async claim(): Promise<boolean> {
    const current = await this.context.resolved();
    this.assertTold(current, nameOf(current));
    const hasClaimed = await written(this.entries.claim(this.contexts.toNewRevision(current)));
    this.metrics.count('entries', Number(hasClaimed));
    return hasClaimed;
  }

  private assertTold(current: CurrentContext, subject: string): void {
    if (this.requireActor && !isSomebody(current.actor)) {
      this.metrics.count('refused');
      throw new MissingActorError(subject);
    }
    if (this.context.needsReason() !== null && (current.reason ?? '').trim() === '') {
      this.metrics.count('refused');
      throw new MissingReasonError(subject);
    }
  }
}

/** The record of looks at entities. */
interface Look {
  /** In which it is written; undefined for one of its own. */
  readonly transaction: SqlTransaction | undefined;
  readonly written: Promise<unknown>;
  isWritten: boolean;
}

/** Writes to the trail of one MikroORM instance what no flush has changed: actions, reads, and what was found in the tables. */
export class StoreJournal extends EntryJournal {
  constructor(
    private readonly store: AuditStore,
    context: AuditContext,
    requireActor: boolean,
    metrics: AuditMetrics,
    contexts: RevisionContexts,
    private readonly transactions: Pick<TransactionScopes, 'holds'>,
  ) {
    super(store, context, requireActor, metrics, contexts);
  }

  /**
   * Records who looked at entities, those that the running context has not looked at before; nothing while auditing is
   * suspended. The actor is resolved for it, so that it is never somebody else's.
   * @param transaction in which they were looked at: rolled back with it. Another connection could be the last of a pool
   */
  async writeReads(
    reads: readonly StoredRead[],
    transaction: SqlTransaction | undefined = undefined,
  ): Promise<void> {
    if (this.context.suspension()) {
      return;
    }
    const looks = this.context.looksInto<Look>(this);
    const unseen = new Map<string, StoredRead>();
    const others = new Set<Promise<unknown>>();
    for (const read of reads) {
      const name = JSON.stringify(read);
      const look = looks.get(name);
      if (look && this.isSeen(look, transaction)) {
        others.add(look.written);
      } else {
        unseen.set(name, read);
      }
    }
    if (unseen.size > 0) {
      others.add(this.writeLooks(unseen, looks, transaction));
    }
    await Promise.all(others);
  }

  private writeLooks(
    reads: ReadonlyMap<string, StoredRead>,
    looks: Map<string, Look>,
    transaction: SqlTransaction | undefined,
  ): Promise<unknown> {
    const written = this.write({ outcome: 'success', reads: [...reads.values()] }, transaction ?? null);
    const look: Look = { transaction, written, isWritten: false };
    for (const name of reads.keys()) {
      looks.set(name, look);
    }
    return written.then(
      () => {
        look.isWritten = true;
      },
      (error: unknown) => {
        for (const name of reads.keys()) {
          looks.delete(name);
        }
        throw error;
      },
    );
  }

  /** Whether a record holds here. Who waits for one in the making has its connection, or none: else they could wait for each other. */
  private isSeen({ transaction: seenIn, isWritten }: Look, transaction: SqlTransaction | undefined): boolean {
    return (
      seenIn === transaction ||
      (isWritten && (seenIn === undefined || this.transactions.holds(seenIn, transaction)))
    );
  }

  /**
   * Writes changes that tell of rows as they were found, as one revision of the running context.
   * @param transaction in which the rows were read and locked
   * @throws AuditWriteError with the cause
   */
  async writeFound(changes: readonly ChangeRecord[], transaction: SqlTransaction): Promise<void> {
    const revision = this.contexts.toNewRevision(await this.context.resolved());
    try {
      await this.store.write(transaction, revision, changes, { hasWritten: false, doubtful: 'write' });
      this.metrics.count('revisions');
    } catch (cause) {
      throw unlessConflict(cause, () => new AuditWriteError(cause));
    }
  }
}

function nameOf({ action }: CurrentContext): string {
  return `The action ${action ?? ''}`;
}

async function written<Result>(writing: Promise<Result>): Promise<Result> {
  try {
    return await writing;
  } catch (cause) {
    throw unlessConflict(cause, () => new AuditWriteError(cause));
  }
}

/** A record without entity goes to the trail of every instance: whoever looks at one of them has to see it. */
export class JournalOfAll implements AuditJournal {
  constructor(private readonly journals: () => readonly AuditJournal[]) {}

  async write(entry: JournalEntry): Promise<void> {
    for (const journal of this.journals()) {
      await journal.write(entry);
    }
  }

  /** One trail decides: that of the default instance, or of the first. */
  async claim(): Promise<boolean> {
    const [first] = this.journals();
    return (await first?.claim()) ?? false;
  }
}
