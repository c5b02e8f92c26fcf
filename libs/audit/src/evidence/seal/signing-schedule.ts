/** Milliseconds after which the newest checkpoint is published again. */
const HEARTBEAT = 900_000;

/** When a log signs again. */
export class SigningSchedule {
  private triedAt = Number.NEGATIVE_INFINITY;
  /** Null before the first one, and where the last one has failed. */
  private signedSize: number | null = null;

  /**
   * @param every milliseconds between two checkpoints
   * @param now milliseconds of a clock that only goes forward
   */
  constructor(
    private readonly every: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** @param size number of positions that are sealed */
  isDue(size: number): boolean {
    const age = this.now() - this.triedAt;
    return age >= this.every && (size !== this.signedSize || age >= HEARTBEAT);
  }

  /** It begins to sign. Whether that succeeds or not, it does not try again sooner than usual. */
  tries(): void {
    this.triedAt = this.now();
    this.signedSize = null;
  }

  signed(size: number): void {
    this.signedSize = size;
  }
}
