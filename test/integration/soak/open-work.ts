import { Injectable } from '@nestjs/common';

/** Work that goes on when its request was answered. */
@Injectable()
export class OpenWork {
  private open = 0;
  private failure: unknown;
  private settled: (() => void) | undefined;

  begin(): void {
    this.open++;
  }

  /** Counts down when the work is done; its error reaches whoever waits for the end of all. */
  async end(work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      this.failure ??= error;
    } finally {
      this.open--;
      this.settled?.();
    }
  }

  fail(error: unknown): void {
    this.failure ??= error;
    this.settled?.();
  }

  /** @throws the first error of any work */
  async allDone(): Promise<void> {
    while (this.open > 0 && this.failure === undefined) {
      await new Promise<void>((resolve) => {
        this.settled = resolve;
      });
    }
    if (this.failure !== undefined) {
      throw this.failure;
    }
  }
}
