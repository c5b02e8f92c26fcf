import type { FindingList } from './finding-list.js';
import type { SealedPosition } from './sealed-position.js';

/** Looks for rows whose time does not fit their place: the rows around them bound when they were sealed. */
export class TimeCheck {
  private newest = Number.NEGATIVE_INFINITY;

  /** @param tolerance milliseconds for which a transaction may be open, and clocks may differ */
  constructor(
    private readonly tolerance: number,
    private readonly findings: FindingList,
  ) {}

  check({ position, row }: SealedPosition): void {
    if (row === null) {
      return;
    }
    const time = Date.parse(row.recordedAt ?? '');
    if (!(time <= Date.now() + this.tolerance)) {
      this.findings.add('row-postdated', `Change ${row.id} says ${row.recordedAt}, which is still to come.`, {
        from: position,
        row,
      });
      return;
    }
    if (time < this.newest - this.tolerance) {
      const newest = new Date(this.newest).toISOString();
      this.findings.add(
        'row-backdated',
        `Change ${row.id} says ${row.recordedAt}, and stands behind one of ${newest}.`,
        { from: position, row },
      );
    }
    this.newest = Math.max(this.newest, time);
  }
}
