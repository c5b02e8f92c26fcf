import { EvidenceFormatError, EvidenceSignatureError } from '../../errors/evidence-errors.js';
import { isTreeSize } from '../merkle/tree-sizes.js';
import { type Checkpoint, isOrigin, parseCheckpoint } from './checkpoint.js';
import { NoteKey } from './note-key.js';
import { SignedNote } from './signed-note.js';

/** A key of a log, and which of its checkpoints it may sign. */
export interface TrustedKey {
  /** As the log has published it: `name+id+base64`. */
  readonly key: string;
  /** Smallest size of a checkpoint that it may sign; left out: 0. */
  readonly from?: number;
  /** Largest size of a checkpoint that it may sign, where it was replaced; left out: no end. */
  readonly until?: number;
}

/** Which log, and whom to believe about it. It comes from those who verify, never from the log or its database. */
export interface LogTrust {
  readonly origin: string;
  readonly keys: readonly TrustedKey[];
}

interface KeyRange {
  readonly key: NoteKey;
  readonly from: number;
  readonly until: number;
}

/** Decides which checkpoints are believed. */
export class CheckpointVerifier {
  readonly origin: string;
  private readonly ranges: readonly KeyRange[];

  /** @throws EvidenceFormatError when there is no key, or something is no key, origin or size */
  constructor({ origin, keys }: LogTrust) {
    if (!isOrigin(origin) || keys.length === 0) {
      throw new EvidenceFormatError('trust in a log', 'it needs an origin and at least one key');
    }
    this.origin = origin;
    this.ranges = keys.map(({ key, from = 0, until = Number.MAX_SAFE_INTEGER }) => {
      if (!isTreeSize(from) || !isTreeSize(until) || from > until) {
        throw new EvidenceFormatError('trust in a log', `no size is from ${from} until ${until}`);
      }
      return { key: NoteKey.parse(key), from, until };
    });
  }

  /**
   * @param note a signed checkpoint
   * @throws EvidenceFormatError, EvidenceSignatureError when it is not believed
   */
  verify(note: string): Checkpoint {
    const signed = SignedNote.parse(note);
    const signers = new Set(signed.verify(this.ranges.map(({ key }) => key)));
    const checkpoint = parseCheckpoint(signed.text);
    if (checkpoint.origin !== this.origin) {
      throw new EvidenceSignatureError(
        `it is of the log ${checkpoint.origin}, and ${this.origin} is trusted`,
      );
    }
    const { size } = checkpoint;
    if (!this.ranges.some(({ key, from, until }) => signers.has(key) && from <= size && size <= until)) {
      throw new EvidenceSignatureError(`its key may not sign a checkpoint of ${size} positions`);
    }
    return checkpoint;
  }
}
