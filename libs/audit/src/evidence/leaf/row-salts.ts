import { randomFillSync } from 'node:crypto';
import { EvidenceFormatError } from '../../errors/evidence-errors.js';
import { isHash } from '../merkle/hashes.js';
import { fromBase64 } from '../note/strict-base64.js';
import { saltedHash } from './commitment.js';

/** Length of the seed of a row in bytes. */
export const SEED_BYTES = 32;

/** The salts of a row that remain after an erasure; base64 by the names of commitments. */
export interface RemainingSalts {
  /** Salts of what is still there. */
  readonly salts: Readonly<Record<string, string>>;
  /** Commitments to what was erased: nobody can try out values without the salts, which are gone. */
  readonly erased: Readonly<Record<string, string>>;
}

/**
 * The salts of a row's commitments: one random seed that all salts are derived from, or, after an erasure, the
 * salts that remain.
 */
export type RowSalts = Uint8Array | RemainingSalts;

const POOL = Buffer.alloc(SEED_BYTES * 128);
let used = POOL.length;

/** A new random seed. */
export function newSeed(): Buffer {
  if (used === POOL.length) {
    randomFillSync(POOL);
    used = 0;
  }
  const seed = Buffer.from(POOL.subarray(used, used + SEED_BYTES));
  // A later reader of the process memory finds no seed here.
  POOL.fill(0, used, used + SEED_BYTES);
  used += SEED_BYTES;
  return seed;
}

export function isSeed(salts: RowSalts): salts is Uint8Array {
  return salts instanceof Uint8Array;
}

/** Tells the salt of a commitment by its name, in base64; null when it is gone. */
export function saltsByName(salts: RowSalts): (name: string) => string | null {
  if (isSeed(salts)) {
    const seed = Buffer.from(salts).toString('base64');
    return (name) => saltedHash(seed, name);
  }
  return (name) => (Object.hasOwn(salts.salts, name) ? (salts.salts[name] ?? null) : null);
}

/** @throws EvidenceFormatError when one is not 32 bytes */
export function checkSalts(salts: RowSalts): void {
  const hashes = isSeed(salts)
    ? [salts]
    : [...Object.values(salts.salts), ...Object.values(salts.erased)].map(fromBase64);
  if (!hashes.every((hash) => hash !== null && isHash(hash))) {
    throw new EvidenceFormatError('salt of a row', 'it is not 32 bytes in base64');
  }
}

/** Salts as they are in JSON: a seed in base64, or what remains after an erasure; null for anything else. */
export function saltsOfJson(value: unknown): RowSalts | null {
  if (typeof value === 'string') {
    return fromBase64(value);
  }
  if (typeof value !== 'object' || value === null || !('salts' in value) || !('erased' in value)) {
    return null;
  }
  const [salts, erased] = [textsOf(value.salts), textsOf(value.erased)];
  return salts && erased && { salts, erased };
}

function textsOf(value: unknown): Readonly<Record<string, string>> | null {
  const isTexts = typeof value === 'object' && value !== null && !Array.isArray(value);
  const entries = isTexts ? Object.entries(value) : [];
  return isTexts && entries.every((entry): entry is [string, string] => typeof entry[1] === 'string')
    ? Object.fromEntries(entries)
    : null;
}
