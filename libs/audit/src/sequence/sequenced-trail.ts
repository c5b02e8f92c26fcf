import { SequencerError } from '../errors/sequencer-errors.js';
import { literal } from '../model/sql-names.js';
import type { TableNames } from '../store/tables/table-names.js';
import { assertSession, type OwnConnection } from './own-connection.js';
import { SEQUENCER_APPLICATION, strangerSql } from './stranger-sql.js';
import {
  nextTick,
  type StateRow,
  strayPositions,
  type TickPlan,
  type TrailState,
  toState,
} from './tick-plan.js';
import {
  isForeignSql,
  lateRowsSql,
  lockKeySql,
  newestRowSql,
  pageEndSql,
  positionsSql,
  stateSql,
  tickSql,
  writersSql,
} from './tick-sql.js';

/** Revisions that one tick takes: few enough for a short transaction. */
const MOST_REVISIONS = 50_000;
/** Rows that one look for late ones passes. */
const LATE_PAGE = 20_000;

interface GivenRow {
  readonly revisions: number;
  readonly rows: string;
  readonly last_id: string | null;
}

/** Rows that got their positions, and whether there are more that could have theirs at once. */
export interface Ticked {
  readonly rows: number;
  readonly hasMore: boolean;
}

const NOTHING: Ticked = { rows: 0, hasMore: false };

/** A trail on the connection of a sequencer, which gives positions to its rows as long as it has the lock. */
export class SequencedTrail {
  /** The snapshot in which there was nothing without a position. */
  private settled: string | null = null;
  private given = 0;

  private constructor(
    private readonly connection: OwnConnection,
    private readonly tables: TableNames,
    private readonly pid: number,
  ) {}

  /** @throws SequencerError for a replica */
  static async open(connection: OwnConnection, tables: TableNames): Promise<SequencedTrail> {
    // The server notices in a minute that the machine of a leader is gone, and keeps one that waits.
    const [session] = await connection.run<{ pid: number; is_replica: boolean }>(
      `select pg_backend_pid() as pid, pg_is_in_recovery() as is_replica,
  set_config('tcp_keepalives_idle', '15', false), set_config('tcp_keepalives_interval', '10', false),
  set_config('tcp_keepalives_count', '3', false), set_config('idle_session_timeout', '0', false),
  set_config('statement_timeout', '0', false), set_config('application_name', ${literal(SEQUENCER_APPLICATION)}, false)`,
    );
    if (!session || session.is_replica) {
      throw new SequencerError('the server is a replica', 'Let the MikroORM configuration name the primary.');
    }
    return new SequencedTrail(connection, tables, session.pid);
  }

  /** Number of positions that ticks have given out. Positions behind them were not given by a sequencer. */
  get size(): number {
    return this.given;
  }

  /** Whether it is this connection that may give positions, of all that want to. */
  async lead(): Promise<boolean> {
    const [lock] = await this.connection.run<{ pid: number; has_it: boolean }>(
      `select pg_backend_pid() as pid, pg_try_advisory_lock(${lockKeySql(this.tables)}) as has_it`,
    );
    assertSession(lock, this.pid);
    return lock.has_it;
  }

  /** Who has the lock and is no sequencer, in words; null where there is nobody. */
  async stranger(): Promise<string | null> {
    const [row] = await this.connection.run<{ stranger: string }>(strangerSql(this.tables));
    return row?.stranger ?? null;
  }

  /**
   * Gives positions to what has been committed, in one transaction.
   * @throws SequencerError when somebody else has written positions, or taken ticks back
   * @throws the error of PostgreSQL when another sequencer was faster, which nothing is written of
   */
  async tick(signal: AbortSignal): Promise<Ticked> {
    if (await this.isSettled()) {
      return NOTHING;
    }
    const ticked = await this.connection.inSnapshot(async (run) => {
      const state = await this.state(run);
      const plan = nextTick(state);
      if (plan.kind === 'beginning' && plan.passedId === null && (await this.isForeign(run, plan))) {
        return null;
      }
      return this.take(run, state, plan);
    });
    return ticked ?? this.beginOnOtherServer(signal);
  }

  /**
   * Gives positions to rows that are committed and that no tick finds, because the ids of their transactions are not those that they
   * were written in.
   * @param after looks only at rows behind this one
   * @param until and not behind this one; null for all
   * @returns where it has stopped; null at the end
   */
  async takeLate(
    after: string,
    until: string | null,
  ): Promise<{ readonly passed: string | null; readonly rows: number; readonly lastId: string | null }> {
    return this.connection.inSnapshot(async (run) => {
      const state = await this.state(run);
      const { newest, now } = state;
      const [page] = await run<{ id: string | null }>(pageEndSql(this.tables), [after, LATE_PAGE]);
      const end = page?.id ?? null;
      if (end === null || newest === null || newest.passed_id !== null) {
        return { passed: null, rows: 0, lastId: null };
      }
      const isLast = until !== null && BigInt(end) >= BigInt(until);
      const plan: TickPlan = {
        ...nextTick(state),
        kind: 'late',
        snapshot: newest.snapshot,
        since: newest.since,
      };
      const bounds = [after, isLast ? until : end, newest.snapshot, now, plan.size];
      const [given] = await run<GivenRow>(lateRowsSql(this.tables), bounds);
      const rows = Number(given?.rows ?? 0);
      if (rows > 0) {
        await this.store(run, state, plan, rows, null);
      }
      return { passed: isLast ? null : end, rows, lastId: given?.last_id ?? null };
    });
  }

  /** The id of the newest row that can be seen; 0 when there is none. */
  async newestRow(): Promise<string> {
    const [row] = await this.connection.run<{ id: string }>(newestRowSql(this.tables));
    return row?.id ?? '0';
  }

  /** Whether no transaction has ended since nothing was found. */
  private async isSettled(): Promise<boolean> {
    if (this.settled === null) {
      return false;
    }
    const [row] = await this.connection.run<{ now: string }>('select pg_current_snapshot()::text as now');
    return row?.now === this.settled;
  }

  private async state(run: OwnConnection['run']): Promise<TrailState> {
    const [row] = await run<StateRow>(stateSql(this.tables));
    assertSession(row, this.pid);
    const state = toState(row);
    const stray = strayPositions(state);
    if (stray !== null) {
      throw new SequencerError(
        stray,
        'Somebody has written into these tables. Keep a copy of them, and run mikro-audit verify. Then delete positions that have no leaf in audit_leaf from audit_position, or set the size of the newest row of audit_tick back to the number of the leaves.',
      );
    }
    this.given = Number(nextTick(state).size);
    return state;
  }

  private async take(run: OwnConnection['run'], state: TrailState, plan: TickPlan): Promise<Ticked> {
    const { sql, parameters } = positionsSql(plan, MOST_REVISIONS, this.tables);
    const [given] = await run<GivenRow>(sql, parameters);
    const rows = Number(given?.rows ?? 0);
    const hasMore = given?.revisions === MOST_REVISIONS;
    // A tick that was cut off has to be ended, and a beginning says that there is a sequencer at all.
    if (rows > 0 || plan.kind === 'beginning' || plan.passedId !== null) {
      await this.store(run, state, plan, rows, hasMore ? (given?.last_id ?? null) : null);
    }
    this.settled = rows === 0 && !hasMore && plan.passedId === null ? state.now : null;
    return { rows, hasMore: hasMore || plan.passedId !== null };
  }

  private async store(
    run: OwnConnection['run'],
    { system }: TrailState,
    plan: TickPlan,
    rows: number,
    passedId: string | null,
  ): Promise<void> {
    const { number, kind, snapshot, since, untilId, size } = plan;
    const after = (BigInt(size) + BigInt(rows)).toString();
    await run(tickSql(this.tables), [number, kind, snapshot, since, untilId, passedId, after, system]);
    this.given = Number(after);
  }

  private async isForeign(run: OwnConnection['run'], { snapshot }: TickPlan): Promise<boolean> {
    const [row] = await run<{ foreign: boolean }>(isForeignSql(this.tables), [snapshot]);
    return row?.foreign === true;
  }

  /**
   * The ids of transactions of a restored trail say nothing here, so its rows are taken up to one, once all those that could still
   * add rows below it have ended. Writers wait for nothing.
   */
  private async beginOnOtherServer(signal: AbortSignal): Promise<Ticked> {
    const untilId = await this.newestRow();
    const open = new Set((await this.writers()).map(({ writer }) => writer));
    while ((await this.writers()).some(({ writer }) => open.has(writer))) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      signal.throwIfAborted();
    }
    return this.connection.inSnapshot(async (run) => {
      const state = await this.state(run);
      return this.take(run, state, { ...nextTick(state), untilId });
    });
  }

  private writers(): Promise<readonly { readonly writer: string }[]> {
    return this.connection.run(writersSql(this.tables));
  }
}
