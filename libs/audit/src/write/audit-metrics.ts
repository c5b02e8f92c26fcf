import { Injectable } from '@nestjs/common';

/** Numbers since this process started. */
export interface AuditCounts {
  /** Revisions with changes that were written; a transaction that was rolled back afterwards counts too. */
  readonly revisions: number;
  /** Those of them whose actor is unknown. */
  readonly unattributed: number;
  /** Revisions without changes: recorded actions, suspensions, reads. */
  readonly entries: number;
  /** Flushes that were refused, because nobody was known to act or no reason was given. */
  readonly refused: number;
  /** Entities whose reading was recorded. */
  readonly reads: number;
  /** Turns of the scheduled check (option `check`) that this process has taken. */
  readonly checks: number;
  /** Their findings, each as often as it was found. */
  readonly findings: number;
}

/** Counts what the trail gets, for the app to export. */
@Injectable()
export class AuditMetrics {
  private readonly numbers: { -readonly [Name in keyof AuditCounts]: AuditCounts[Name] } = {
    revisions: 0,
    unattributed: 0,
    entries: 0,
    refused: 0,
    reads: 0,
    checks: 0,
    findings: 0,
  };

  /** The numbers of this moment; they only grow. */
  counts(): AuditCounts {
    return { ...this.numbers };
  }

  /** @internal */
  count(name: keyof AuditCounts, by = 1): void {
    this.numbers[name] += by;
  }
}
