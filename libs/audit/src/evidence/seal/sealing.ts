import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { describeCause } from '../../errors/describe-cause.js';
import type { RunQuery } from '../database/database-log.js';
import { CheckpointLog, type CheckpointTables } from './checkpoint-log.js';
import type { EvidenceOptions } from './evidence-options.js';
import { SigningSchedule } from './signing-schedule.js';
import { type InSnapshot, TrailSealer } from './trail-sealer.js';

/** Milliseconds that a checkpoint which is under way is waited for when the sequencer ends. */
const GRACE = 5_000;

const logger = new Logger('AuditSequencer');

/** Seals a trail between the ticks of its sequencer: rows first, and from time to time a checkpoint. */
export class Sealing {
  private readonly sealer: TrailSealer;
  private readonly checkpoints: CheckpointLog;
  private readonly schedule: SigningSchedule;
  private size: number | null = null;
  private isBehind = true;
  private signing: Promise<void> | null = null;
  private failure: string | null = null;

  /**
   * @param inSnapshot on the connection of the sequencer
   * @param run on another one: a place of checkpoints may be slow, and nothing waits for it
   */
  constructor(
    options: Required<EvidenceOptions>,
    tables: CheckpointTables,
    inSnapshot: InSnapshot,
    run: RunQuery,
  ) {
    this.sealer = new TrailSealer(tables, inSnapshot);
    this.checkpoints = new CheckpointLog(options, tables, run);
    this.schedule = new SigningSchedule(options.every * 1_000);
  }

  /**
   * Seals a page, and begins to sign a checkpoint if it is time to.
   * @param hasNew whether positions were given since the last step
   * @param given number of positions that were given out
   * @returns whether there is more to seal at once
   */
  async step(hasNew: boolean, given: number): Promise<boolean> {
    this.isBehind ||= hasNew;
    if (this.isBehind) {
      const { size, rows } = await this.sealer.seal(given);
      this.size = size;
      this.isBehind = rows > 0 && size < given;
    }
    // A long trail that is sealed for the first time is signed on its way, so that what is done is covered.
    if (this.size !== null && this.signing === null && this.schedule.isDue(this.size)) {
      this.schedule.tries();
      this.signing = this.sign(this.size);
    }
    return this.isBehind;
  }

  /** @returns when nothing is under way any more, or whoever it waits for takes too long: an app has to be able to end */
  async end(): Promise<void> {
    if (this.signing !== null) {
      const waiting = new AbortController();
      await Promise.race([this.signing, pause(GRACE, undefined, { signal: waiting.signal })]);
      waiting.abort();
    }
  }

  /** Never fails: positions and sealing go on without checkpoints. */
  private async sign(size: number): Promise<void> {
    try {
      await this.checkpoints.publish(size);
      this.schedule.signed(size);
      this.failure = null;
    } catch (error) {
      this.report(describeCause(error));
    } finally {
      this.signing = null;
    }
  }

  private report(text: string): void {
    if (text !== this.failure) {
      logger.error(`${text} Nothing newer is covered until it has signed again.`);
    }
    this.failure = text;
  }
}
