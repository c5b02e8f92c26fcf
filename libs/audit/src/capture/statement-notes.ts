import type { EntityManager, MikroORM } from '@mikro-orm/core';
import type { CurrentContext } from '../context/context-values.js';
import type { SqlTransaction } from '../model/sql-transaction.js';
import type { EntityPolicy } from '../policy/entity-policy.js';
import { statementNote } from '../serialize/text/statement-note.js';
import type { CaptureEnvironment } from './capture-environment.js';
import { type AuditSession, sessionOf } from './orm/audit-connection.js';
import type { AuditPostgreSqlDriver } from './orm/audit-driver.js';
import type { FlushStatement, StatementSource } from './orm/flush-statement.js';
import { ReachedTables } from './orm/reached-tables.js';
import { runsOthers, savepointStep, writtenTables } from './orm/written-tables.js';
import type { RevisionSink } from './revision-sink.js';
import type { TransactionScope } from './transaction/transaction-scope.js';
import type { UnrecordedWrites } from './unrecorded-writes.js';

/** Facts of the transaction of a connection. */
interface SessionNote {
  /** Null before its first flush. */
  scope: TransactionScope | null;
  /** How often something else than the unit of work has written in it. */
  writes: number;
}

/** Writes what a transaction has gathered before a statement whose triggers write to the trail themselves. */
export type WriteGathered = (scope: TransactionScope, session: SqlTransaction) => Promise<void>;

/**
 * Tells the triggers of the database which statements the unit of work records itself, and who sends the others; and the unit of work
 * that others have written.
 */
export class StatementNotes {
  private readonly reached: ReachedTables;
  /** How many writes of others a unit of work has seen in its transaction. */
  private readonly seen = new WeakMap<object, number>();

  constructor(
    private readonly orm: MikroORM,
    private readonly environment: CaptureEnvironment,
    private readonly writes: UnrecordedWrites,
    private readonly sink: Pick<RevisionSink, 'context' | 'check' | 'suspension' | 'describe'>,
    private readonly writeGathered: WriteGathered,
  ) {
    this.reached = new ReachedTables(environment.schemas, orm.em);
  }

  /** From now on every statement of the driver carries what its triggers have to know. */
  attach(driver: AuditPostgreSqlDriver): void {
    driver.guardStatements((source, sql, session) => this.noteFor(source, sql, session));
  }

  /**
   * Before a flush in a transaction that was there before: has the others' writes looked at again.
   * @param transaction the one of the flush
   */
  async beforeFlush(em: EntityManager, transaction: SqlTransaction): Promise<void> {
    const session = await sessionOf(transaction);
    if (!session) {
      return;
    }
    const note = noteOf(session);
    note.scope = this.environment.transactions.of(transaction).outermost;
    const unitOfWork = em.getUnitOfWork();
    if (note.writes > (this.seen.get(unitOfWork) ?? 0)) {
      this.environment.snapshots.distrustAll(unitOfWork);
    }
    this.seen.set(unitOfWork, note.writes);
  }

  private noteFor(source: StatementSource, sql: string, session: AuditSession): string | Promise<string> {
    if ('flush' in source) {
      return this.noteOfFlush(source.flush);
    }
    const step = savepointStep(sql);
    if (step) {
      return this.followSavepoint(step, session);
    }
    const written = writtenTables(sql);
    if (written.length === 0 && !runsOthers(sql)) {
      return '';
    }
    this.writes.check(sql, written, source.schema);
    return this.sink.suspension()
      ? statementNote({ also: true })
      : this.noteOfOther(source.em, this.writes.tables.of(written), session);
  }

  /**
   * A savepoint of the application's own. All that was flushed before is written before it, so all that is gathered when it is
   * gone back to has come after it, and is undone.
   */
  private async followSavepoint(step: 'opens' | 'goes back', session: AuditSession): Promise<string> {
    const note = noteOf(session);
    if (note.scope && step === 'opens') {
      await this.writeGathered(note.scope, session);
    }
    if (step === 'goes back') {
      note.scope?.drain();
      this.distrust(null, note);
    }
    return '';
  }

  private noteOfFlush(flush: FlushStatement): string | Promise<string> {
    if (this.sink.suspension()) {
      return statementNote({ also: true });
    }
    const also = [...new Set(this.reached.of(flush))];
    const own = this.reached.own(flush);
    const noteIn = (context: CurrentContext): string =>
      statementNote({
        ...(own === null ? {} : { own }),
        ...(also.length > 0 ? { also } : {}),
        context: this.sink.describe(context),
      });
    const context = this.sink.context();
    return context instanceof Promise ? context.then(noteIn) : noteIn(context);
  }

  private async noteOfOther(
    em: EntityManager | null,
    written: readonly EntityPolicy[],
    session: AuditSession,
  ): Promise<string> {
    const context = await this.sink.context();
    this.sink.check(context, () => written);
    const note = noteOf(session);
    if (note.scope) {
      await this.writeGathered(note.scope, session);
    }
    this.distrust(em, note);
    return statementNote({ context: this.sink.describe(context) });
  }

  /** Rows known from before may be wrong now. */
  private distrust(em: EntityManager | null, note: SessionNote): void {
    note.writes += 1;
    if (em === null && note.scope === null) {
      this.environment.snapshots.noteFoundAll();
    }
    for (const unitOfWork of this.unitsOfWork(em, note)) {
      this.environment.snapshots.distrustAll(unitOfWork);
    }
  }

  private unitsOfWork(
    em: EntityManager | null,
    { scope }: SessionNote,
  ): ReadonlySet<ReturnType<EntityManager['getUnitOfWork']>> {
    const running = em ?? this.orm.em.getContext(false);
    return new Set([
      ...(running === this.orm.em ? [] : [running.getUnitOfWork(false)]),
      ...(scope?.revision.unitsOfWork ?? []),
    ]);
  }
}

function noteOf(session: AuditSession): SessionNote {
  session.note ??= { scope: null, writes: 0 } satisfies SessionNote;
  return session.note as SessionNote;
}
