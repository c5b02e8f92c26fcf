import { isDeepStrictEqual } from 'node:util';
import { ForbiddenException } from '@nestjs/common';
import type { RecordProof } from '../../evidence/bundle/record-proof.js';
import type { Change } from '../../model/change.js';
import type { EntityTypes } from '../../query/terms/entity-types.js';
import { LabelView } from '../access/label-view.js';
import type { ReaderAccess } from '../access/reader-access.js';
import type { ReaderTrail } from '../trail/reader-trail.js';
import type { TrailProofs } from '../trail/trail-proofs.js';
import { seal } from './seal.js';
import type { Visible } from './visible.js';

/**
 * Hands out proofs to one reader. A proof has no value in it that could be hidden: of values it has salted commitments. The record, which opens
 * them, has every value, so it is for readers from whom nothing of it is hidden.
 */
export class ProofGate {
  private readonly labels: LabelView;

  constructor(
    private readonly reader: ReaderAccess,
    private readonly trail: ReaderTrail,
    types: EntityTypes,
    private readonly proofs: TrailProofs,
  ) {
    this.labels = new LabelView(reader, types);
  }

  /**
   * The newest checkpoint, which holds nothing of any change. Null before the first one.
   * @throws EvidenceOffError
   */
  async newestCheckpoint(): Promise<Visible<string> | null> {
    const note = await this.proofs.newestCheckpoint();
    return note === null ? null : seal(note);
  }

  /**
   * The proof of a change, or of an action without changes. Null when the reader sees no such change.
   * @throws EvidenceOffError, EvidenceNotCoveredError, EvidenceChangedError, EvidenceMissingError
   */
  async proof(changeId: string): Promise<Visible<string> | null> {
    const isSeen = (await this.trail.change(changeId, 'history')) !== null || (await this.isAction(changeId));
    const proved = isSeen ? await this.proofs.prove(changeId) : null;
    return proved && seal(proved.proof);
  }

  /**
   * The record of a change. Null when the reader may not export it.
   * @throws ForbiddenException when something of it is hidden from the reader
   * @throws EvidenceOffError, EvidenceNotCoveredError, EvidenceChangedError, EvidenceMissingError
   */
  async record(changeId: string): Promise<Visible<string> | null> {
    const change = await this.trail.change(changeId, 'export');
    if (change === null) {
      return null;
    }
    this.assertOpen(this.seesWhole(change));
    const proved = await this.proofs.prove(changeId);
    this.assertOpen(proved === null || !namesReads(proved) || this.seesTrail);
    return proved && seal(proved.record);
  }

  private async isAction(id: string): Promise<boolean> {
    const revision = await this.trail.revision(id, 1);
    return revision !== null && revision.changes.length === 0;
  }

  private seesWhole({ entityType, labels }: Change): boolean {
    return (
      this.reader.hiddenOf(entityType).isEmpty &&
      isDeepStrictEqual(labels && this.labels.visible(labels, entityType), labels)
    );
  }

  private get seesTrail(): boolean {
    return this.reader.seesEverything && this.reader.scope('export') === undefined;
  }

  private assertOpen(isOpen: boolean): void {
    if (!isOpen) {
      throw new ForbiddenException('Something of this record is hidden from you; its proof is not.');
    }
  }
}

/** Whether a record says which entities its revision has looked at; those may be of anybody. */
function namesReads({ record }: RecordProof): boolean {
  const { row } = JSON.parse(record) as { readonly row: Readonly<Record<string, unknown>> };
  return 'reads' in row;
}
