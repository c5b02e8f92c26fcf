import { HttpException, HttpStatus, Inject, Injectable } from '@nestjs/common';
import { AuditContext } from '../../context/audit-context.js';
import { readerOrAddress } from '../access/reader-name.js';
import { HTTP_LIMITS, type HttpLimits } from './http-limits.js';

const MINUTE = 60_000;

/** Writes into the trail why requests of a reader are not looked at. */
type Tell = (why: string) => Promise<void>;

/** The minute that begins with a refusal of a reader. */
interface RefusedMinute {
  readonly until: number;
  refusals: number;
  /** That there were too many. */
  told: Promise<void> | null;
}

/**
 * Counts what is refused to each reader, because each refusal is a revision, and nobody shall fill the trail. Beyond the limit
 * nothing is looked at until the minute is over, so nothing is refused that the trail does not have.
 */
@Injectable()
export class ReaderRefusals {
  private readonly minutes = new Map<string, RefusedMinute>();

  constructor(
    @Inject(AuditContext) private readonly context: AuditContext,
    @Inject(HTTP_LIMITS) private readonly limits: Required<HttpLimits>,
  ) {}

  /** @throws HttpException with 429 when the reader was refused too often */
  async assertFew(tell: Tell): Promise<void> {
    const minute = this.runningOf(await readerOrAddress(this.context));
    if (minute && minute.refusals >= this.limits.refusals) {
      await this.turnAway(minute, tell);
    }
  }

  /**
   * Counts one that is about to be recorded.
   * @throws HttpException with 429 instead, when there were too many already
   */
  async count(tell: Tell): Promise<void> {
    const reader = await readerOrAddress(this.context);
    const minute = this.runningOf(reader) ?? this.begin(reader);
    if (minute.refusals >= this.limits.refusals) {
      await this.turnAway(minute, tell);
    }
    minute.refusals += 1;
  }

  private runningOf(reader: string): RefusedMinute | null {
    const minute = this.minutes.get(reader);
    return minute && performance.now() < minute.until ? minute : null;
  }

  private begin(reader: string): RefusedMinute {
    const now = performance.now();
    for (const [other, { until }] of this.minutes) {
      if (until <= now) {
        this.minutes.delete(other);
      }
    }
    const minute = { until: now + MINUTE, refusals: 0, told: null };
    this.minutes.set(reader, minute);
    return minute;
  }

  /** Once in a minute, and before any of these requests is answered, the trail tells it. */
  private async turnAway(minute: RefusedMinute, tell: Tell): Promise<never> {
    const seconds = Math.ceil((minute.until - performance.now()) / 1_000);
    const why = `You were refused ${this.limits.refusals} times within a minute: ask again in ${seconds} seconds.`;
    minute.told ??= tell(why);
    try {
      await minute.told;
    } catch (error) {
      minute.told = null;
      throw error;
    }
    throw new HttpException(why, HttpStatus.TOO_MANY_REQUESTS);
  }
}
