import { EvidenceMissingError } from '../../errors/evidence-errors.js';
import { verifyInclusion } from '../merkle/proof-verification.js';
import type { TreeHashes } from '../merkle/tree-hashes.js';
import { TreeReader } from '../merkle/tree-reader.js';
import type { Checkpoint } from '../note/checkpoint.js';
import type { FindingList } from './finding-list.js';
import { RowCheck } from './row-check.js';
import type { SealedPosition } from './sealed-position.js';

/** Verifies single rows against one checkpoint, each by a proof of its own. Rows that are not there at all it cannot miss. */
export class RecordVerification {
  private readonly rows: RowCheck;

  constructor(
    /** Null when none is believed. */
    private readonly checkpoint: Checkpoint | null,
    private readonly findings: FindingList,
  ) {
    this.rows = new RowCheck(findings);
  }

  get count(): number {
    return this.rows.count;
  }

  /** By a proof from stored hashes. */
  async addStored(stored: SealedPosition, hashes: TreeHashes): Promise<void> {
    const size = this.checkpoint?.size ?? 0;
    if (stored.position >= size) {
      this.add(stored, null);
      return;
    }
    let proof: readonly Buffer[] = [];
    try {
      proof = await new TreeReader(hashes, size).inclusionProof(stored.position);
    } catch (error) {
      if (!(error instanceof EvidenceMissingError)) {
        throw error;
      }
    }
    this.add(stored, proof);
  }

  /** @param proof from the leaf to the root of the checkpoint; null when the checkpoint does not cover the row */
  add(stored: SealedPosition, proof: readonly Buffer[] | null): void {
    const { position, row } = stored;
    const hash = this.rows.check(stored);
    if (proof === null || this.checkpoint === null) {
      this.findings.add('not-covered', `The checkpoint does not cover position ${position} yet.`, {
        from: position,
        row,
      });
      return;
    }
    const { size, root } = this.checkpoint;
    const claim = { index: position, size, leafHash: hash ?? stored.leafHash, root };
    // A row that differs from its hash has its finding; there the hash is proved, which tells whether the row alone was edited.
    const isProved =
      verifyInclusion(claim, proof) || verifyInclusion({ ...claim, leafHash: stored.leafHash }, proof);
    if (!isProved) {
      this.findings.add(
        'root-differs',
        `Nothing leads from position ${position} to the checkpoint of ${size} positions.`,
        { from: position, row },
      );
    }
  }
}
