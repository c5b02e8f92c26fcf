import type { RecordProof } from '../../evidence/bundle/record-proof.js';
import type { AuditEvidence } from '../../proofs/audit-evidence.js';
import type { ChangeSeal } from '../../proofs/change-seal.js';
import type { BoundedReads } from '../limits/bounded-reads.js';

/** Seals and proofs for one request. The caller has to know that the reader may see the changes. */
export class TrailProofs {
  constructor(
    private readonly evidence: AuditEvidence,
    private readonly reads: BoundedReads,
  ) {}

  /** Null where the trail is not sealed; then nothing is read. */
  async seals(changeIds: readonly string[]): Promise<ReadonlyMap<string, ChangeSeal> | null> {
    return this.evidence.isOn ? this.reads.ask(() => this.evidence.seals(changeIds)) : null;
  }

  /** @throws EvidenceOffError, EvidenceNotCoveredError, EvidenceChangedError, EvidenceMissingError */
  prove(changeId: string): Promise<RecordProof | null> {
    return this.reads.ask(() => this.evidence.prove(changeId));
  }

  /**
   * Null before the first one.
   * @throws EvidenceOffError
   */
  newestCheckpoint(): Promise<string | null> {
    return this.reads.ask(() => this.evidence.newestCheckpoint());
  }
}
