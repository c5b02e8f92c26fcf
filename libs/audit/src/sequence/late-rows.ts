import { Logger } from '@nestjs/common';
import type { SequencedTrail } from './sequenced-trail.js';

/** Milliseconds between two looks at what has come since, and between two at everything. */
const MINUTE = 60_000;
const DAY = 86_400_000;

const logger = new Logger('AuditSequencer');

/**
 * Looks for rows that no tick finds: somebody has written them with the id of another transaction. It reads the trail from its
 * beginning, a page at a time and between ticks that find nothing, then what is added, and all of it again after a day.
 */
export class LateRows {
  private passed = '0';
  /** As far as it may go in this round: what is older than a minute. Null in the first one, which goes to the end. */
  private until: string | null = null;
  private nextAt = 0;
  private againAt = performance.now() + DAY;

  constructor(private readonly trail: SequencedTrail) {}

  /**
   * @param isBusy whether there are positions to give, which comes first
   * @returns whether there were such rows
   */
  async look(isBusy: boolean): Promise<boolean> {
    if (isBusy || performance.now() < this.nextAt) {
      return false;
    }
    const { passed, rows, lastId } = await this.trail.takeLate(this.passed, this.until);
    if (rows > 0) {
      logger.warn(
        `${rows} changes, the last one ${lastId}, were written with the id of another transaction, and have got their positions late.`,
      );
    }
    if (passed === null) {
      await this.endRound();
    } else {
      this.passed = passed;
    }
    return rows > 0;
  }

  private async endRound(): Promise<void> {
    const now = performance.now();
    this.passed = now < this.againAt ? (this.until ?? this.passed) : '0';
    if (now >= this.againAt) {
      this.againAt = now + DAY;
    }
    this.until = await this.trail.newestRow();
    this.nextAt = now + MINUTE;
  }
}
