import type { Worker } from './worker.js';

/** Ends a callback on purpose. */
export class Abort extends Error {}

/** A failure inside a callback of a worker: the callback has to end, and its transaction with it. */
export class Unwind extends Error {
  constructor(
    readonly worker: Worker,
    cause: unknown,
  ) {
    super('unwind', { cause });
  }
}
