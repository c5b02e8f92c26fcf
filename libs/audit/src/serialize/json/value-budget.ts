import { isSafeText, jsonPrefix } from '../text/safe-text.js';

const minNodes = 200_000;
const minText = 32 * 1024 * 1024;
// Escaping takes so much longer than measuring and hashing.
const unsafeTextCost = 24;

/**
 * How far a value is read. Beyond its size limit a value is still read on, for its length and hash; this ends it,
 * because shared references can unfold exponentially, and a proxy or getter can be endless.
 */
export class ValueBudget {
  #nodesLeft: number;
  #textLeft: number;
  #exhausted = false;

  /** @param maxBytes size limit of the value; the budget is never less than what fits into it */
  constructor(private readonly maxBytes: number) {
    // Each node takes at least a byte, and so does each unit of text.
    this.#nodesLeft = Math.max(minNodes, maxBytes);
    this.#textLeft = Math.max(minText, unsafeTextCost * maxBytes);
  }

  /** True when something was not read, or not to its end: the value is then over its size limit. */
  get exhausted(): boolean {
    return this.#exhausted;
  }

  takeNode(): void {
    this.#nodesLeft -= 1;
    this.#exhausted ||= this.#nodesLeft <= 0;
  }

  /** The text, or its beginning when there is no budget for all of it. */
  takeText(text: string): string {
    const cost = text.length * (isSafeText(text) ? 1 : unsafeTextCost);
    return this.#take(cost) ? text : jsonPrefix(text, this.maxBytes);
  }

  /** The bytes, or the first of them when there is no budget for all. */
  takeBytes(bytes: Buffer): Buffer {
    return this.#take(2 * bytes.length) ? bytes : bytes.subarray(0, this.maxBytes);
  }

  #take(cost: number): boolean {
    const fits = cost <= this.#textLeft;
    this.#textLeft -= fits ? cost : 0;
    this.#exhausted ||= !fits;
    return fits;
  }
}
