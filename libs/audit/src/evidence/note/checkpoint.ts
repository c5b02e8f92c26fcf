import { EvidenceFormatError } from '../../errors/evidence-errors.js';
import { isHash } from '../merkle/hashes.js';
import { isTreeSize } from '../merkle/tree-sizes.js';
import { fromBase64, fromDecimal } from './strict-base64.js';

/** The state of a log at one moment (C2SP tlog-checkpoint). */
export interface Checkpoint {
  /** Name of the log, such as `example.com/orders/audit`. */
  readonly origin: string;
  /** How many positions it covers. */
  readonly size: number;
  /** Root hash of the tree over them, 32 bytes. */
  readonly root: Buffer;
}

/** Whether it can be the origin of a log: one line that has no space and no plus, so that a key can have the same name. */
export function isOrigin(origin: string): boolean {
  return /^[^\s\u0085+\p{Cc}]{1,255}$/u.test(origin) && origin.isWellFormed();
}

/** The text that is signed. @throws EvidenceFormatError when it cannot be a checkpoint */
export function checkpointText({ origin, size, root }: Checkpoint): string {
  if (!isOrigin(origin) || !isTreeSize(size) || !isHash(root)) {
    throw malformed('it needs an origin without spaces or plus, a size and a root of 32 bytes');
  }
  return `${origin}\n${size}\n${root.toString('base64')}\n`;
}

/**
 * @param text of a signed note
 * @throws EvidenceFormatError when it is no checkpoint, also when it has further lines: our logs write none, and nobody could
 * tell what they mean
 */
export function parseCheckpoint(text: string): Checkpoint {
  const [origin = '', decimal = '', encoded = '', end, ...more] = text.split('\n');
  const size = fromDecimal(decimal);
  const root = fromBase64(encoded);
  if (end !== '' || more.length > 0) {
    throw malformed('it does not have three lines');
  }
  if (!isOrigin(origin) || size === null || root === null || !isHash(root)) {
    throw malformed('its lines are not an origin, a size and a root hash');
  }
  return { origin, size, root };
}

function malformed(problem: string): EvidenceFormatError {
  return new EvidenceFormatError('checkpoint', problem);
}
