import type { SealedRow } from '../leaf/sealed-columns.js';
import {
  type EvidenceFinding,
  type EvidenceFindingKind,
  type EvidenceReport,
  SEVERITIES,
} from './evidence-finding.js';

/** Where something was found. */
interface Place {
  readonly from?: number;
  /** Left out where it is one position. */
  readonly to?: number;
  readonly row?: SealedRow | null;
  readonly changeId?: string | null;
}

/** Counts all findings and keeps the first of each kind, so that a trail that is wholly wrong needs no memory. */
export class FindingList {
  private readonly counts: Partial<Record<EvidenceFindingKind, number>> = {};
  private readonly kept: EvidenceFinding[] = [];

  /** @param most findings of each kind that are kept */
  constructor(private readonly most: number) {}

  add(kind: EvidenceFindingKind, message: string, { from, to, row, changeId }: Place = {}): void {
    const count = (this.counts[kind] ?? 0) + 1;
    this.counts[kind] = count;
    if (count > this.most) {
      return;
    }
    this.kept.push({
      kind,
      severity: SEVERITIES[kind],
      from: from ?? null,
      to: to ?? from ?? null,
      changeId: changeId ?? row?.id ?? null,
      entityType: row?.entityType ?? null,
      entityId: row?.entityId ?? null,
      message,
    });
  }

  report(
    rest: Pick<EvidenceReport, 'origin' | 'rows' | 'size' | 'checkpoint' | 'checkpoints'>,
  ): EvidenceReport {
    const isError = (kind: string): boolean => SEVERITIES[kind as EvidenceFindingKind] === 'error';
    return {
      ok: !Object.keys(this.counts).some(isError),
      ...rest,
      counts: this.counts,
      findings: this.kept,
    };
  }
}
