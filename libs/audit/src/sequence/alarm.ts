/** Waits for a time that may change while it waits. */
export class Alarm {
  private wake: (() => void) | null = null;

  /** @param keepsAlive whether a process that has nothing else to do waits along */
  constructor(private readonly keepsAlive: boolean) {}

  /**
   * @param until tells the time of `performance.now()` until which it waits; it is asked again after `changed()`
   * @returns when the time has come, or the signal says so
   */
  async wait(until: () => number, signal: AbortSignal): Promise<void> {
    for (
      let rest = until() - performance.now();
      rest > 0 && !signal.aborted;
      rest = until() - performance.now()
    ) {
      await this.pause(rest, signal);
    }
  }

  /** The time may be another one now. */
  changed(): void {
    this.wake?.();
  }

  private pause(milliseconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        this.wake = null;
        resolve();
      };
      const timer = setTimeout(wake, Math.ceil(milliseconds));
      if (!this.keepsAlive) {
        timer.unref();
      }
      this.wake = wake;
      signal.addEventListener('abort', wake);
    });
  }
}
