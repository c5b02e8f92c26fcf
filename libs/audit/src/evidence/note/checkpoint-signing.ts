import { EvidenceRefusedError } from '../../errors/evidence-errors.js';
import { verifyConsistency } from '../merkle/proof-verification.js';
import type { TreeHashes } from '../merkle/tree-hashes.js';
import { TreeReader } from '../merkle/tree-reader.js';
import { checkpointText } from './checkpoint.js';
import { CheckpointVerifier } from './log-trust.js';
import type { NoteSigner } from './note-key.js';
import { SignedNote } from './signed-note.js';

/** The request for a signature of a log. */
export interface CheckpointRequest {
  readonly origin: string;
  /** One; while keys are exchanged the old and the new one. */
  readonly signers: readonly [NoteSigner, ...NoteSigner[]];
  /** Hashes that are stored, of which level 0 has at least `size`. */
  readonly hashes: TreeHashes;
  readonly size: number;
  /**
   * The checkpoints that were published last, from the places where they were published: the database is what may have been
   * changed. Empty only for the first one of a log.
   */
  readonly previous: readonly string[];
}

/**
 * Signs a checkpoint, if it extends all that were signed before. Signing the same size again gives the same text.
 * @returns the signed checkpoint
 * @throws EvidenceRefusedError when the log has shrunk, or does not begin with what was signed
 * @throws EvidenceMissingError when stored hashes are missing
 * @throws EvidenceFormatError, EvidenceSignatureError when none of the signers has signed a previous one
 */
export async function signCheckpoint(request: CheckpointRequest): Promise<string> {
  const { origin, signers, hashes, size, previous } = request;
  const tree = new TreeReader(hashes, size);
  const root = await tree.root();
  const keys = signers.map(({ key }) => ({ key: key.toString() }));
  const verifier = new CheckpointVerifier({ origin, keys });
  for (const note of new Set(previous)) {
    const signed = verifier.verify(note);
    if (signed.size > size) {
      throw refused('it has signed more of them before, so some are gone', signed.size, size);
    }
    const proof = await tree.consistencyProof(signed.size);
    const claim = { size1: signed.size, root1: signed.root, size2: size, root2: root };
    if (!verifyConsistency(claim, proof)) {
      throw refused('the log does not begin with what was signed before', signed.size, size);
    }
  }
  return SignedNote.sign(checkpointText({ origin, size, root }), signers);
}

function refused(problem: string, signed: number, given: number): EvidenceRefusedError {
  return new EvidenceRefusedError(problem, { signed, given });
}
