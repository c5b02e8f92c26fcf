import { Logger } from '@nestjs/common';
import { InvalidCoverageError } from '../../errors/coverage-errors.js';
import { describeCause } from '../../errors/describe-cause.js';
import type { AuditCheck } from '../check/audit-check.js';
import type { CheckFinding } from '../check/check-finding.js';
import type { CheckOptions, CheckReport } from '../check/check-options.js';
import { type CheckState, newRound, type RoundState, withReport } from './check-state.js';

const logger = new Logger('AuditCheck');

interface TurnOptions extends Pick<CheckOptions, 'instance' | 'sample' | 'readFrom'> {
  /** Ends the turn after the page that is going on. */
  readonly signal: AbortSignal;
}

/** One turn of the scheduled check: first all that is new in the trail, then the round through everything, as far as it comes. */
export class CheckTurn {
  private round: RoundState;

  constructor(
    private readonly check: AuditCheck,
    private readonly options: TurnOptions,
    private state: CheckState,
  ) {
    this.round = state.round;
  }

  /** @returns what is to be kept for the next turn; also of one that has failed */
  async run(): Promise<CheckState> {
    try {
      await this.lookAtNews();
      await this.goOn();
    } catch (error) {
      // Classes may have come and gone since the position was kept.
      const keepsPlace = !(error instanceof InvalidCoverageError);
      this.state = {
        ...this.state,
        ...(keepsPlace ? {} : { news: null, resume: null }),
        failure: describeCause(error),
      };
      logger.error(`A scheduled check has failed: ${describeCause(error)}`);
    }
    return { ...this.state, round: this.round, endedAt: new Date().toISOString() };
  }

  private async lookAtNews(): Promise<void> {
    const { since, news } = this.state;
    if (since === null || this.options.signal.aborted) {
      return;
    }
    let resume = news?.resume ?? null;
    const report = await this.part({ since, sample: 1 }, resume, (place) => {
      resume = place;
    });
    const position = news?.position ?? report.position;
    this.state = report.complete
      ? { ...this.state, since: position, news: null }
      : { ...this.state, news: { position, resume } };
  }

  private async goOn(): Promise<void> {
    if (this.options.signal.aborted) {
      return;
    }
    let { resume } = this.state;
    const report = await this.part({}, resume, (place) => {
      resume = place;
    });
    // Before the first turn nothing was new: the round that begins then looks at all there is.
    this.state = { ...this.state, since: this.state.since ?? report.position, resume };
    if (report.complete) {
      const endedAt = new Date().toISOString();
      this.state = { ...this.state, resume: null, lastRound: { ...this.round, endedAt } };
      this.round = newRound(endedAt);
    }
  }

  private async part(
    options: CheckOptions,
    resume: string | null,
    onPlace: (resume: string) => void,
  ): Promise<CheckReport> {
    const report = await this.check.run({
      ...this.options,
      ...options,
      ...(resume === null ? {} : { resume }),
      maxFindings: 0,
      onFinding: (finding) => this.count(finding),
      onProgress: (progress) => onPlace(progress.resume),
    });
    this.round = withReport(this.round, report);
    return report;
  }

  /** Without values, which do not belong into a log. */
  private count({ kind, entityType, entityId, path, since }: CheckFinding): void {
    const { counts, entityTypes } = this.round;
    this.round = {
      ...this.round,
      counts: { ...counts, [kind]: counts[kind] + 1 },
      entityTypes: { ...entityTypes, [entityType]: (entityTypes[entityType] ?? 0) + 1 },
    };
    const where = path === null ? entityId : `${entityId}.${path}`;
    logger.error(`${kind} ${entityType} ${where}, after change ${since?.changeId ?? 'none'}`);
  }
}
