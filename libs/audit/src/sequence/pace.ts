/** Between two ticks that find something: what bounds the rows of `audit_tick`, and how long a change waits while others come. */
const BUSY = 400;
/** After a hint: its transaction has yet to be committed. */
const SOON = 50;
/** Where nothing comes. */
const IDLE = 1_000;

/** How long the sequencer waits before it looks again, in milliseconds: the less the more there is to do. */
export class Pace {
  private pause = SOON;
  private foundAt = Number.NEGATIVE_INFINITY;
  private hintedAt = Number.NEGATIVE_INFINITY;

  /** @param now milliseconds of a clock that only goes forward */
  constructor(private readonly now: () => number = () => performance.now()) {}

  looked({ found }: { readonly found: boolean }): void {
    if (found) {
      this.foundAt = this.now();
    }
    this.pause = found ? BUSY : Math.min(this.pause * 2, IDLE);
  }

  /** Somebody in this process is about to commit something. */
  hint(): void {
    this.hintedAt = this.now();
    this.pause = SOON;
  }

  /** Until when it waits, by the same clock, if it has looked at a time. */
  next(lookedAt: number): number {
    const from = Math.max(lookedAt, this.hintedAt);
    return Math.max(from + this.pause, this.foundAt + BUSY);
  }
}
