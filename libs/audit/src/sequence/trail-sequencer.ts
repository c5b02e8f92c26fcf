import type { MikroORM } from '@mikro-orm/core';
import { Logger } from '@nestjs/common';
import { describeCause } from '../errors/describe-cause.js';
import type { EvidenceOptions } from '../evidence/seal/evidence-options.js';
import { Sealing } from '../evidence/seal/sealing.js';
import { runStatement } from '../store/sql/sql-statement.js';
import { type TableNames, tableNamesOf } from '../store/tables/table-names.js';
import { Alarm } from './alarm.js';
import { LateRows } from './late-rows.js';
import { type OwnConnection, primaryClient, withOwnConnection } from './own-connection.js';
import { Pace } from './pace.js';
import { SequencedTrail } from './sequenced-trail.js';

/** How often who does not lead asks for the lock, and how long a failure is slept over, in milliseconds. */
const RETRY = 1_000;

/** After how many tries for the lock it looks again whether a stranger has it. */
const STRANGER = 60;

const logger = new Logger('AuditSequencer');

/** Gives positions to the rows of the trail of one MikroORM instance, or waits until whoever does has gone. */
export class TrailSequencer {
  private readonly tables: TableNames;
  private readonly alarm: Alarm;
  private pace = new Pace();
  private failure: { readonly text: string; readonly isTold: boolean } | null = null;

  /**
   * @param evidence how the trail is sealed; null when it is not
   * @param keepsAlive whether a process that has nothing else to do goes on for it
   */
  constructor(
    private readonly orm: MikroORM,
    private readonly evidence: Required<EvidenceOptions> | null,
    private readonly keepsAlive: boolean,
  ) {
    this.tables = tableNamesOf(orm);
    this.alarm = new Alarm(keepsAlive);
  }

  /** Something is about to be committed here. */
  hint(): void {
    if (this.pace.hint()) {
      this.alarm.changed();
    }
  }

  /** A failure is tried again, in a new session. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await withOwnConnection(this.orm, this.keepsAlive, (connection) => this.serve(connection, signal));
      } catch (error) {
        this.report(error, signal);
        await this.sleep(signal);
      }
    }
  }

  private async serve(connection: OwnConnection, signal: AbortSignal): Promise<void> {
    const trail = await SequencedTrail.open(connection, this.tables);
    for (let tries = 0; !(await trail.lead()); tries += 1) {
      this.failure = null;
      if (tries % STRANGER === 0) {
        await tellStranger(trail);
      }
      await this.sleep(signal);
      if (signal.aborted) {
        return;
      }
    }
    this.pace = new Pace();
    const late = new LateRows(trail);
    const sealing =
      this.evidence && new Sealing(this.evidence, this.tables, connection.inSnapshot, this.pooled);
    try {
      while (!signal.aborted) {
        this.pace.looks();
        const { rows, hasMore } = await trail.tick(signal);
        const isLate = !hasMore && (await late.look(rows > 0));
        this.pace.looked(rows);
        let hasUnsealed = (await sealing?.step(rows > 0 || isLate, trail.size)) === true;
        // Rows that have their positions are sealed before it looks again, but for a trail so long that positions would wait.
        while (hasUnsealed && !hasMore && performance.now() < this.pace.next && !signal.aborted) {
          hasUnsealed = (await sealing?.step(false, trail.size)) === true;
        }
        // Only here: what fails behind a tick that works would never be told.
        this.failure = null;
        if (!hasMore && !hasUnsealed) {
          await this.alarm.wait(() => this.pace.next, signal);
        }
      }
    } finally {
      await sealing?.end();
    }
  }

  /** Runs a statement on a connection of the app's pool. */
  private readonly pooled: OwnConnection['run'] = (sql, parameters = []) =>
    runStatement(primaryClient(this.orm), sql, parameters, this.orm.em.getDriver());

  private async sleep(signal: AbortSignal): Promise<void> {
    const until = performance.now() + RETRY;
    await this.alarm.wait(() => until, signal);
  }

  /** At the second time: a table may be about to be created, and another sequencer may have been faster. */
  private report(error: unknown, signal: AbortSignal): void {
    if (signal.aborted) {
      return;
    }
    const text = describeCause(error);
    const isAgain = this.failure?.text === text;
    if (isAgain && !this.failure?.isTold) {
      logger.warn(`Changes get no positions or are not sealed (${text}). It goes on trying.`);
    }
    this.failure = { text, isTold: isAgain };
  }
}

async function tellStranger(trail: SequencedTrail): Promise<void> {
  const stranger = await trail.stranger();
  if (stranger !== null) {
    logger.warn(
      `Changes get no positions: ${stranger}. End that process with pg_terminate_backend(), and take CONNECT away from that role.`,
    );
  }
}
