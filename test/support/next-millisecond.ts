import { setImmediate } from 'node:timers/promises';

/** Waits until the clock shows another millisecond, so that a time taken before lies before all that follows. */
export async function nextMillisecond(): Promise<void> {
  const start = Date.now();
  while (Date.now() <= start) {
    await setImmediate();
  }
}
