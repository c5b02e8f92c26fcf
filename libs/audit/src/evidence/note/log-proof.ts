import { EvidenceFormatError } from '../../errors/evidence-errors.js';
import { isHash } from '../merkle/hashes.js';
import { fromBase64, fromDecimal } from './strict-base64.js';

const HEADER = 'c2sp.org/tlog-proof@v1';
/** A tree of 2^53 leaves is not higher. */
const MAX_HASHES = 53;

/** A proof that something is in a log, which needs neither the log nor its database (C2SP tlog-proof). */
export interface LogProof {
  /** The position, from 0. */
  readonly index: number;
  /** From the sibling of the leaf to the child of the root. */
  readonly hashes: readonly Buffer[];
  /** The signed checkpoint. */
  readonly checkpoint: string;
  /** The bytes of the leaf, for those who do not have the row; null when they are not in the proof. Nothing vouches for them by itself. */
  readonly leaf: Buffer | null;
}

/** The text of a file `.tlog-proof`. */
export function formatLogProof({ index, hashes, checkpoint, leaf }: LogProof): string {
  const extra = leaf === null ? '' : `extra ${leaf.toString('base64')}\n`;
  const lines = hashes.map((hash) => `${hash.toString('base64')}\n`).join('');
  return `${HEADER}\n${extra}index ${index}\n${lines}\n${checkpoint}`;
}

/** @throws EvidenceFormatError when it is no proof. Its checkpoint is not looked at. */
export function parseLogProof(text: string): LogProof {
  const end = text.indexOf('\n\n');
  const [header, ...lines] = text.slice(0, Math.max(end, 0)).split('\n');
  if (header !== HEADER) {
    throw malformed(`its first line is not ${HEADER}`);
  }
  const extra = /^extra (.*)$/.exec(lines[0] ?? '')?.[1];
  const leaf = extra === undefined ? null : fromBase64(extra);
  if (extra !== undefined) {
    lines.shift();
    if (leaf === null) {
      throw malformed('its extra data are no base64');
    }
  }
  const [, decimal = ''] = /^index (\d+)$/.exec(lines.shift() ?? '') ?? [];
  const index = fromDecimal(decimal);
  const hashes = lines.map((line) => fromBase64(line) ?? Buffer.alloc(0));
  if (index === null || hashes.length > MAX_HASHES || !hashes.every(isHash)) {
    throw malformed('it is not an index and hashes of 32 bytes');
  }
  return { index, hashes, checkpoint: text.slice(end + 2), leaf };
}

function malformed(problem: string): EvidenceFormatError {
  return new EvidenceFormatError('proof', problem);
}
