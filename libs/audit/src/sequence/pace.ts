/** Between two ticks that find something: what bounds the rows of `audit_tick`, and how long a change waits while others come. */
const BUSY = 400;
/** The same where many are found: a tick and a page cost as much for a few rows, and the writers of many need the server for themselves. */
const CROWDED = 700;
const MANY = 300;
/** After a hint: its transaction has yet to be committed. */
const SOON = 50;
/** Where nothing comes. */
const IDLE = 1_000;

/** How long the sequencer waits before it looks again, in milliseconds: the less the more there is to do. */
export class Pace {
  private pause = SOON;
  /** Until when nobody looks again, whatever comes: something was found. */
  private restsUntil = Number.NEGATIVE_INFINITY;
  private lookedAt = Number.NEGATIVE_INFINITY;
  /** The first hint that no look has followed; later ones must not put the look off. */
  private hintedAt: number | null = null;

  /** @param now milliseconds of a clock that only goes forward */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** It begins to look. */
  looks(): void {
    this.lookedAt = this.now();
    this.hintedAt = null;
  }

  /** @param rows how many were found */
  looked(rows: number): void {
    if (rows > 0) {
      this.restsUntil = this.now() + (rows > MANY ? CROWDED : BUSY);
    }
    this.pause = rows > 0 ? BUSY : Math.min(this.pause * 2, IDLE);
  }

  /**
   * Somebody in this process is about to commit something.
   * @returns whether it looks earlier for that
   */
  hint(): boolean {
    this.pause = SOON;
    const isFirst = this.hintedAt === null;
    this.hintedAt ??= this.now();
    return isFirst;
  }

  /** Until when it waits, by the same clock. */
  get next(): number {
    const due = this.hintedAt === null ? this.lookedAt + this.pause : this.hintedAt + SOON;
    return Math.max(due, this.restsUntil);
  }
}
