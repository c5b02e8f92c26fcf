/** How much of one value is recorded. A value above a limit is cut and says so; it never fails the transaction. */
export interface ValueLimits {
  /** Bytes of the encoded JSON text in UTF-8, at least 256 (smaller numbers count as 256). */
  readonly maxValueBytes: number;
  /** Arrays, objects, maps and sets inside one another, at most 200 (larger numbers count as 200). */
  readonly maxDepth: number;
}

/** 64 KiB per value, 32 levels. */
export const DEFAULT_VALUE_LIMITS: ValueLimits = Object.freeze({ maxValueBytes: 65_536, maxDepth: 32 });

/** The longest JSON text of one UTF-16 code unit is `\u001f`. */
export const JSON_BYTES_PER_UNIT = 6;

/** Below this a `$cut` tag itself would not fit. */
export const MIN_VALUE_BYTES = 256;

/** Keeps the recursion of encoding, decoding and hashing far from the end of the stack. */
export const MAX_VALUE_DEPTH = 200;
