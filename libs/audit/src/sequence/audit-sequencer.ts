import type { MikroORM } from '@mikro-orm/core';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { assertSigners, type EvidenceOptions, evidenceOf } from '../evidence/seal/evidence-options.js';
import { RESOLVED_OPTIONS, type ResolvedAuditOptions } from '../options/audit-options.js';
import type { TrailConnection } from '../store/sql/trail-connection.js';
import { tableNamesOf } from '../store/tables/table-names.js';
import { CommitHints } from './commit-hints.js';
import { sealedSql, standingSql } from './health-sql.js';
import { nextTick, type StateRow, strayPositions, toState } from './tick-plan.js';
import { stateSql, waitingSql } from './tick-sql.js';
import { TrailSequencer } from './trail-sequencer.js';

/** Milliseconds. */
const MINUTE = 60_000;
/** More are not counted. */
const MOST_WAITING = 10_000;

interface SealedRow {
  readonly sealed: string;
  readonly covered: string | null;
  readonly published_at: number | null;
}

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
  /** How far it is sealed; null without the option `evidence`. */
  readonly evidence: SealingHealth | null;
  /**
   * The reason why no positions are given, as far as the database shows it: somebody has written positions or ticks, or has
   * taken the lock of the sequencer. Null where there is none.
   */
  readonly problem: string | null;
  /** How many times rows were found that somebody had written with the id of another transaction. 0 where nobody does. */
  readonly lateTicks: number;
}

/** How far one trail is sealed. */
export interface SealingHealth {
  /** Name of the log. */
  readonly origin: string;
  /** Number of positions that are sealed, decimal. */
  readonly sealed: string;
  /**
   * Number of those that the newest checkpoint covers, decimal; null before the first one. This and `publishedAt` are what the table
   * `audit_checkpoint` says, which whoever owns it can write: only `mikro-audit verify` with what was published knows.
   */
  readonly covered: string | null;
  /** When that was published the last time; null before the first one. One of half an hour ago means that nobody signs. */
  readonly publishedAt: Date | null;
}

/** A MikroORM instance that has a trail, and by which connection that is read. */
export interface SequencedInstance {
  readonly orm: MikroORM;
  readonly connection: TrailConnection;
}

/** The MikroORM instances that have a trail. */
export abstract class SequencedInstances {
  abstract trails(): readonly SequencedInstance[];
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

  /** @throws AuditConfigurationError, EvidenceFormatError, or whatever the signers throw, when nobody can sign */
  onApplicationBootstrap(): void {
    if (this.options.sequencer) {
      this.ended = this.start(false, this.stopping.signal);
    }
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    // Its connection keeps no process alive, and whoever waits for the end of the app has nothing else that does.
    const alive = setInterval(() => undefined, MINUTE);
    await this.ended;
    clearInterval(alive);
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
    return Promise.all(this.instances.trails().map((trail) => healthOf(trail, this.evidenceOf(trail.orm))));
  }

  private evidenceOf(orm: MikroORM): Required<EvidenceOptions> | null {
    const { evidence } = this.options;
    return evidence && evidenceOf(evidence, orm.config.get('contextName'));
  }

  private start(keepsAlive: boolean, signal: AbortSignal): Promise<unknown> {
    const started = this.instances.trails().map(({ orm }) => {
      const evidence = this.evidenceOf(orm);
      if (evidence) {
        assertSigners(evidence);
      }
      return new TrailSequencer(orm, evidence, keepsAlive);
    });
    this.running = [...this.running, ...started];
    return Promise.all(started.map((sequencer) => sequencer.run(signal)));
  }
}

async function healthOf(
  { orm, connection }: SequencedInstance,
  evidence: EvidenceOptions | null,
): Promise<SequencerHealth> {
  const tables = tableNamesOf(orm);
  // Each of them answers with one row, whatever there is.
  const one = async <Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row> => {
    const [row] = await connection.read<Row>('write', sql, parameters);
    return row as Row;
  };
  const standing = await one<{
    taken_at: number | null;
    is_held: boolean;
    stranger: string | null;
    late_ticks: number;
  }>(standingSql(tables));
  const state = toState(await one<StateRow>(stateSql(tables)));
  const { sql, parameters } = waitingSql(nextTick(state), MOST_WAITING, tables);
  const waits = await one<{ waiting: number; waiting_since: number | null }>(sql, parameters);
  const sealed = evidence && (await one<SealedRow>(sealedSql(tables), [evidence.origin]));
  return {
    instance: orm.config.get('contextName'),
    isRunning: standing.is_held && standing.stranger === null,
    lastTickAt: instant(standing.taken_at),
    size: state.newest?.size ?? '0',
    waiting: waits.waiting,
    waitingSince: instant(waits.waiting_since),
    problem: strayPositions(state) ?? standing.stranger,
    lateTicks: standing.late_ticks,
    evidence: evidence &&
      sealed && {
        origin: evidence.origin,
        sealed: sealed.sealed,
        covered: sealed.covered,
        publishedAt: instant(sealed.published_at),
      },
  };
}

function instant(milliseconds: number | null): Date | null {
  return milliseconds === null ? null : new Date(milliseconds);
}
