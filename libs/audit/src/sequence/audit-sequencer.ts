import type { MikroORM } from '@mikro-orm/core';
import type { PostgreSqlConnection } from '@mikro-orm/postgresql';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { RESOLVED_OPTIONS, type ResolvedAuditOptions } from '../options/audit-options.js';
import { runStatement } from '../store/sql/sql-statement.js';
import { tableNamesOf } from '../store/tables/table-names.js';
import { CommitHints } from './commit-hints.js';
import { standingSql } from './health-sql.js';
import { nextTick, type StateRow, toState } from './tick-plan.js';
import { stateSql, waitingSql } from './tick-sql.js';
import { TrailSequencer } from './trail-sequencer.js';

/** More are not counted. */
const MOST_WAITING = 10_000;

/** How far the positions of one trail have come. */
export interface SequencerHealth {
  /** The MikroORM instance of the trail, its `contextName`. */
  readonly instance: string;
  /** Whether some process gives positions now. */
  readonly isRunning: boolean;
  /** When positions were given the last time; null when they never were. Where nothing is written, none are given. */
  readonly lastTickAt: Date | null;
  /** Number of positions that are given out. */
  readonly size: string;
  /** Committed revisions that have no position yet, at most 10,000. */
  readonly waiting: number;
  /** When the first of those was written; null when there is none. One of minutes ago means that nobody gives positions. */
  readonly waitingSince: Date | null;
  /** How many times rows were found that somebody had written with the id of another transaction. 0 where nobody does. */
  readonly lateTicks: number;
}

/** The MikroORM instances that have a trail. */
export abstract class SequencedInstances {
  abstract orms(): readonly MikroORM[];
}

/**
 * Gives each row of the trail its position in the order of the commits. It runs with the application, unless
 * `sequencer: false` leaves that to another process; of all that run, one does the work, and another one goes on when it has gone.
 */
@Injectable()
export class AuditSequencer implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly stopping = new AbortController();
  private running: readonly TrailSequencer[] = [];
  private ended: Promise<unknown> = Promise.resolve();

  constructor(
    @Inject(SequencedInstances) private readonly instances: SequencedInstances,
    @Inject(RESOLVED_OPTIONS) private readonly options: ResolvedAuditOptions,
    @Inject(CommitHints) hints: CommitHints,
  ) {
    hints.listen(() => {
      for (const sequencer of this.running) {
        sequencer.hint();
      }
    });
  }

  onApplicationBootstrap(): void {
    if (this.options.sequencer) {
      this.ended = this.start(false, this.stopping.signal);
    }
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    await this.ended;
  }

  /**
   * Gives positions, or stands by, until the signal ends it: for a process of its own.
   * @returns when it has ended
   */
  async run(signal: AbortSignal): Promise<void> {
    await this.start(true, AbortSignal.any([signal, this.stopping.signal]));
  }

  /** How far each trail has come, asked of the primary. */
  health(): Promise<readonly SequencerHealth[]> {
    return Promise.all(this.instances.orms().map(healthOf));
  }

  private start(keepsAlive: boolean, signal: AbortSignal): Promise<unknown> {
    const started = this.instances.orms().map((orm) => new TrailSequencer(orm, keepsAlive));
    this.running = [...this.running, ...started];
    return Promise.all(started.map((sequencer) => sequencer.run(signal)));
  }
}

async function healthOf(orm: MikroORM): Promise<SequencerHealth> {
  const tables = tableNamesOf(orm);
  const client = (orm.em.getDriver().getConnection('write') as PostgreSqlConnection).getClient();
  // Each of them answers with one row, whatever there is.
  const one = async <Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row> => {
    const [row] = await runStatement<Row>(client, sql, parameters, orm.em.getDriver());
    return row as Row;
  };
  const standing = await one<{ taken_at: number | null; is_led: boolean; late_ticks: number }>(
    standingSql(tables),
  );
  const state = toState(await one<StateRow>(stateSql(tables)));
  const { sql, parameters } = waitingSql(nextTick(state), MOST_WAITING, tables);
  const waits = await one<{ waiting: number; waiting_since: number | null }>(sql, parameters);
  return {
    instance: orm.config.get('contextName'),
    isRunning: standing.is_led,
    lastTickAt: instant(standing.taken_at),
    size: state.newest?.size ?? '0',
    waiting: waits.waiting,
    waitingSince: instant(waits.waiting_since),
    lateTicks: standing.late_ticks,
  };
}

function instant(milliseconds: number | null): Date | null {
  return milliseconds === null ? null : new Date(milliseconds);
}
