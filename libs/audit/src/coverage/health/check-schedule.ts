import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { AuditContext } from '../../context/audit-context.js';
import { describeCause } from '../../errors/describe-cause.js';
import {
  type CheckScheduleOptions,
  RESOLVED_OPTIONS,
  type ResolvedAuditOptions,
} from '../../options/audit-options.js';
import { AuditReader } from '../../query/audit-reader.js';
import { AuditMetrics } from '../../write/audit-metrics.js';
import { AuditCheck } from '../check/audit-check.js';
import { type CoveredInstance, CoveredInstances } from '../tables/covered-instance.js';
import { CheckLog } from './check-log.js';
import { findingsIn } from './check-state.js';
import { CheckTurn } from './check-turn.js';

/** So that processes that start together do not ask all at once, and a process that ends at once does not ask at all. */
const FIRST_LOOK = 1_000;
const logger = new Logger('AuditCheck');

/** Has the check take its turns as the option `check` says, in one of all processes at a time. */
@Injectable()
export class CheckSchedule implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly stop = new AbortController();
  private readonly timers = new Map<CoveredInstance, NodeJS.Timeout>();
  private readonly running = new Set<Promise<void>>();

  constructor(
    @Inject(CoveredInstances) private readonly instances: CoveredInstances,
    @Inject(AuditCheck) private readonly check: AuditCheck,
    @Inject(AuditReader) private readonly reader: AuditReader,
    @Inject(AuditContext) private readonly context: AuditContext,
    @Inject(AuditMetrics) private readonly metrics: AuditMetrics,
    @Inject(RESOLVED_OPTIONS) private readonly options: ResolvedAuditOptions,
  ) {}

  onApplicationBootstrap(): void {
    const { check } = this.options;
    for (const instance of check === null ? [] : this.instances.all()) {
      this.wait(instance, FIRST_LOOK);
    }
  }

  /** Ends turns after the page that is going on; what they have done is kept. */
  async onModuleDestroy(): Promise<void> {
    this.stop.abort();
    for (const timer of this.timers.values()) {
      clearTimeout(timer);
    }
    await Promise.all(this.running);
  }

  private wait(instance: CoveredInstance, milliseconds: number): void {
    if (this.stop.signal.aborted) {
      return;
    }
    const timer = setTimeout(() => {
      const turn = this.tryTurn(instance).then((dueIn) => {
        this.running.delete(turn);
        this.wait(instance, dueIn);
      });
      this.running.add(turn);
    }, milliseconds);
    // A process that has nothing else to do may end.
    timer.unref();
    this.timers.set(instance, timer);
  }

  /** @returns milliseconds until the next try; never rejects */
  private async tryTurn(instance: CoveredInstance): Promise<number> {
    const { check } = this.options;
    const every = (check?.every ?? 0) * 1_000;
    if (check === null) {
      return every;
    }
    try {
      return await this.turn(instance, check, every);
    } catch (error) {
      logger.error(`A scheduled check cannot take its turn: ${describeCause(error)}`);
      return every;
    }
  }

  private async turn(
    instance: CoveredInstance,
    { seconds, sample }: Required<CheckScheduleOptions>,
    every: number,
  ): Promise<number> {
    const log = new CheckLog(instance, this.reader, this.context);
    const claim = await log.claim(every);
    if ('dueIn' in claim) {
      return claim.dueIn;
    }
    const { state } = claim;
    const options = {
      instance: instance.policies.orm.config.get('contextName'),
      sample,
      readFrom: this.options.readFrom,
      signal: AbortSignal.any([this.stop.signal, AbortSignal.timeout(seconds * 1_000)]),
    };
    const next = await new CheckTurn(this.check, options, state).run();
    await log.end(next);
    const found = (one: typeof state): number =>
      findingsIn(one.round) + (one.lastRound === state.lastRound ? 0 : findingsIn(one.lastRound));
    this.metrics.count('checks');
    this.metrics.count('findings', found(next) - findingsIn(state.round));
    return every;
  }
}
