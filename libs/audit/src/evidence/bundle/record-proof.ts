import { EvidenceChangedError, EvidenceFormatError } from '../../errors/evidence-errors.js';
import { leafOf } from '../leaf/leaf.js';
import type { RowSalts } from '../leaf/row-salts.js';
import type { SealedRow } from '../leaf/sealed-columns.js';
import { leafHashOf } from '../merkle/hashes.js';
import { verifyInclusion } from '../merkle/proof-verification.js';
import { TreeReader } from '../merkle/tree-reader.js';
import { type Checkpoint, parseCheckpoint } from '../note/checkpoint.js';
import { formatLogProof, parseLogProof } from '../note/log-proof.js';
import { CheckpointVerifier, type LogTrust } from '../note/log-trust.js';
import { SignedNote } from '../note/signed-note.js';
import type { StoredLog } from '../verify/sealed-position.js';
import { parseRowLine, rowLine } from './export-lines.js';

/** The proof of one row for somebody who has neither the database nor this library. */
export interface RecordProof {
  /** The text of a file `.tlog-proof` (C2SP tlog-proof). Its extra data are the leaf, so any tool for such proofs can verify it. */
  readonly proof: string;
  /** The row with its salts, as a line of JSON: it opens the commitments of the leaf. */
  readonly record: string;
}

/** The content that a proof proves. */
export interface ProvedRecord {
  readonly position: number;
  readonly checkpoint: Checkpoint;
  /** The leaf: canonical JSON with what cannot be erased, and with the commitments. */
  readonly leaf: string;
  /** Names of values that were erased; null when the record was not at hand, so that no value is proved. */
  readonly erased: readonly string[] | null;
}

/**
 * @param checkpoint a signed checkpoint that covers the position
 * @returns null when there is no such position, or the row is gone
 * @throws EvidenceFormatError when the checkpoint does not cover the position
 * @throws EvidenceChangedError when the row is not what was sealed
 */
export async function proveRecord(
  log: StoredLog,
  position: number,
  checkpoint: string,
): Promise<RecordProof | null> {
  const { size, root } = parseCheckpoint(SignedNote.parse(checkpoint).text);
  for await (const stored of log.positionsAt([position])) {
    if (stored.row === null || stored.salts === null) {
      return null;
    }
    if (position >= size) {
      throw new EvidenceFormatError(
        'checkpoint of the row',
        `it covers ${size} positions, and the row has position ${position}`,
      );
    }
    const data = sealedLeaf(stored.row, stored.salts);
    if (data === null || !leafHashOf(data).equals(stored.leafHash)) {
      throw new EvidenceChangedError(position, stored.changeId);
    }
    const hashes = await new TreeReader(log.hashes, size).inclusionProof(position);
    // A row edited together with its hash gets no proof that fails elsewhere only.
    if (!verifyInclusion({ index: position, size, leafHash: stored.leafHash, root }, hashes)) {
      throw new EvidenceChangedError(position, stored.changeId);
    }
    const proof = formatLogProof({ index: position, hashes, checkpoint, leaf: Buffer.from(data) });
    return { proof, record: `${rowLine({ stored, proof: null })}\n` };
  }
  return null;
}

/** Null where a value stands that was erased, so that there can be no such leaf. */
function sealedLeaf(row: SealedRow, salts: RowSalts): string | null {
  try {
    return leafOf(row, salts).data;
  } catch (error) {
    if (error instanceof EvidenceFormatError) {
      return null;
    }
    throw error;
  }
}

/**
 * Verifies the proof of one row.
 * @param record as `proveRecord` has it; null where only the leaf is to be proved
 * @throws EvidenceFormatError, EvidenceSignatureError when it proves nothing
 */
export function verifyRecord(proof: string, record: string | null, trust: LogTrust): ProvedRecord {
  const { index, hashes, checkpoint: note, leaf } = parseLogProof(proof);
  const checkpoint = new CheckpointVerifier(trust).verify(note);
  if (leaf === null) {
    throw new EvidenceFormatError('proof of a row', 'it has no leaf');
  }
  const claim = { index, size: checkpoint.size, leafHash: leafHashOf(leaf), root: checkpoint.root };
  if (!verifyInclusion(claim, hashes)) {
    throw new EvidenceFormatError('proof', 'nothing leads from its leaf to its checkpoint');
  }
  const text = leaf.toString();
  return {
    position: index,
    checkpoint,
    leaf: text,
    erased: record === null ? null : openedBy(record, index, text),
  };
}

/** A reader of the record takes all of it for proved, so nothing else may stand in it. */
function openedBy(record: string, index: number, leaf: string): readonly string[] {
  const { stored, proof } = parseRowLine(record.trimEnd());
  const { position, changeId, leafHash, row, salts } = stored;
  const opened = row && salts && leafOf(row, salts);
  if (opened?.data !== leaf) {
    throw new EvidenceFormatError('record of the proof', 'its values are not those that the leaf commits to');
  }
  if (position !== index || changeId !== row?.id || !leafHash.equals(leafHashOf(leaf)) || proof !== null) {
    throw new EvidenceFormatError('record of the proof', 'its position, id or hash is not that of the proof');
  }
  return opened.erased;
}
