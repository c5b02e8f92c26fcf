const WIDTH = 30;

/** Shows on stderr how far the benchmark is; stdout stays free for results. */
export class ProgressBar {
  private title = '';
  private from = 0;
  private share = 0;
  private readonly started = performance.now();

  /** @param total sum of the shares of all steps */
  constructor(private readonly total: number) {}

  /** Begins the next step, which is `share` of the total. */
  begin(title: string, share: number): void {
    this.from += this.share;
    this.share = share;
    this.title = title;
    if (process.stderr.isTTY) {
      this.update(0);
    } else {
      process.stderr.write(`[${this.clock()}] ${title}\n`);
    }
  }

  /** @param fraction of the step that is done */
  update(fraction: number): void {
    if (!process.stderr.isTTY) {
      return;
    }
    const done = Math.min(1, (this.from + this.share * Math.min(1, fraction)) / this.total);
    const full = Math.round(done * WIDTH);
    const bar = '#'.repeat(full) + '.'.repeat(WIDTH - full);
    const percent = String(Math.round(done * 100)).padStart(3);
    process.stderr.write(`\r\x1b[K[${bar}] ${percent} %  ${this.clock()}  ${this.title}`);
  }

  end(): void {
    process.stderr.write(process.stderr.isTTY ? '\r\x1b[K' : `[${this.clock()}] done\n`);
  }

  private clock(): string {
    const seconds = Math.round((performance.now() - this.started) / 1_000);
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  }
}
