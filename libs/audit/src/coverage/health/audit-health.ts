import { Inject, Injectable } from '@nestjs/common';
import { AuditContext } from '../../context/audit-context.js';
import { RESOLVED_OPTIONS, type ResolvedAuditOptions } from '../../options/audit-options.js';
import { AuditReader } from '../../query/audit-reader.js';
import type { CheckFindingKind } from '../check/check-finding.js';
import { type CoveredInstance, CoveredInstances } from '../tables/covered-instance.js';
import { CheckLog } from './check-log.js';
import { type CheckState, findingsIn, type RoundState } from './check-state.js';

/** Turns that may be left out before a check counts as late. */
const LATE_TURNS = 3;

/**
 * - `waiting`: no turn has begun yet
 * - `clean`: nothing is found, in the last round and since
 * - `found`: something is
 * - `failed`: the last turn has thrown
 * - `late`: no turn has begun for three times as long as the option `check` says
 */
export type CheckVerdict = 'waiting' | 'clean' | 'found' | 'failed' | 'late';

/** One go of the scheduled check through everything. */
export interface CheckRound {
  readonly startedAt: Date;
  /** Null while it goes on. */
  readonly endedAt: Date | null;
  /** Entities of the trail that were compared with their rows. */
  readonly entities: number;
  /** Changes that were replayed. */
  readonly changes: number;
  /** Rows of which it was looked up whether the trail knows them. */
  readonly rows: number;
  readonly counts: Readonly<Record<CheckFindingKind, number>>;
  /** Numbers of findings by name in the trail; only of those that have some. */
  readonly entityTypes: Readonly<Record<string, number>>;
}

/** How the scheduled check of one trail stands, whichever process has done it. */
export interface CheckStatus {
  /** The `contextName` of the MikroORM instance. */
  readonly instance: string;
  readonly verdict: CheckVerdict;
  /** When the newest turn began; null before the first one. */
  readonly beganAt: Date | null;
  /** Its error; null when none. */
  readonly failure: string | null;
  /** The round that goes on, with what was new meanwhile; null before the first turn. */
  readonly round: CheckRound | null;
  /** Null before the first round has ended. */
  readonly lastRound: CheckRound | null;
}

/** As `@nestjs/terminus` takes it from an indicator. */
export type AuditHealthResult = Readonly<
  Record<string, { readonly status: 'up' | 'down' } & Readonly<Record<string, unknown>>>
>;

/** Tells whether the trail is whole, as the scheduled check (option `check`) has found it. */
@Injectable()
export class AuditHealth {
  constructor(
    @Inject(CoveredInstances) private readonly instances: CoveredInstances,
    @Inject(AuditReader) private readonly reader: AuditReader,
    @Inject(AuditContext) private readonly context: AuditContext,
    @Inject(RESOLVED_OPTIONS) private readonly options: ResolvedAuditOptions,
  ) {}

  /** One for each trail; none without the option `check`. One look-up each, by an index. */
  async status(): Promise<readonly CheckStatus[]> {
    const { check } = this.options;
    return check === null
      ? []
      : Promise.all(this.instances.all().map((instance) => this.statusOf(instance, check.every * 1_000)));
  }

  /**
   * For health checks: `HealthCheckService.check([() => health.isHealthy('audit')])` of `@nestjs/terminus`, or by itself. Down
   * where something is found, has failed or is late.
   * @param key under which the result is
   */
  async isHealthy(key = 'audit'): Promise<AuditHealthResult> {
    const statuses = await this.status();
    const isUp = statuses.every(({ verdict }) => verdict === 'clean' || verdict === 'waiting');
    const verdicts = Object.fromEntries(statuses.map(({ instance, verdict }) => [instance, verdict]));
    return { [key]: { status: isUp ? 'up' : 'down', ...verdicts } };
  }

  private async statusOf(instance: CoveredInstance, every: number): Promise<CheckStatus> {
    const state = await new CheckLog(instance, this.reader, this.context).newest();
    return {
      instance: instance.policies.orm.config.get('contextName'),
      verdict: verdictOf(state, every),
      beganAt: state && new Date(state.beganAt),
      failure: state?.failure ?? null,
      round: state && roundOf(state.round),
      lastRound: state?.lastRound ? roundOf(state.lastRound) : null,
    };
  }
}

function verdictOf(state: CheckState | null, every: number): CheckVerdict {
  if (state === null) {
    return 'waiting';
  }
  if (findingsIn(state.round) + findingsIn(state.lastRound) > 0) {
    return 'found';
  }
  if (state.failure !== null) {
    return 'failed';
  }
  return Date.now() - Date.parse(state.beganAt) > LATE_TURNS * every ? 'late' : 'clean';
}

function roundOf({ startedAt, endedAt, ...rest }: RoundState): CheckRound {
  return { ...rest, startedAt: new Date(startedAt), endedAt: endedAt === null ? null : new Date(endedAt) };
}
