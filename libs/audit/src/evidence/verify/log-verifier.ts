import { randomInt } from 'node:crypto';
import { EvidenceFormatError } from '../../errors/evidence-errors.js';
import type { Checkpoint } from '../note/checkpoint.js';
import { CheckpointVerifier, type LogTrust } from '../note/log-trust.js';
import type { EvidenceReport } from './evidence-finding.js';
import { FindingList } from './finding-list.js';
import { LogVerification } from './log-verification.js';
import { RecordVerification } from './record-verification.js';
import type { SealedPosition, StoredLog } from './sealed-position.js';
import { trustedCheckpoints } from './trusted-checkpoints.js';

const HOUR = 3_600_000;
const MOST_FINDINGS = 1_000;
const PROGRESS_ROWS = 1_000;

/** How a log is verified. */
export interface VerifyOptions {
  /** Which log, and whose signatures; from those who verify. */
  readonly trust: LogTrust;
  /** Signed checkpoints, in any order; the more, the closer a difference is located. Their place is outside the database. */
  readonly checkpoints: readonly string[];
  /** Findings of each kind that are listed; all are counted. By default 1,000. */
  readonly maxFindings?: number;
  /** Milliseconds for which a transaction may have been open, and clocks may differ. By default an hour. */
  readonly tolerance?: number;
  readonly signal?: AbortSignal;
  /** Hears about every 1,000 rows how far it has come. */
  readonly onProgress?: (progress: VerifyProgress) => void;
}

export interface VerifyProgress {
  readonly rows: number;
  /** About how many there are. */
  readonly total: number;
}

/** The findings of one verification. */
interface VerificationRun {
  readonly findings: FindingList;
  readonly checkpoints: readonly Checkpoint[];
  /** The largest checkpoint that is believed; undefined when none is. */
  readonly last: Checkpoint | undefined;
}

/** Verifies a log as it is stored against what was published of it. It only reads, and believes nothing that it reads. */
export class LogVerifier {
  private readonly verifier: CheckpointVerifier;

  /** @throws EvidenceFormatError when the trust is invalid, or there is no checkpoint at all: nothing could be proved */
  constructor(
    private readonly log: StoredLog,
    private readonly options: VerifyOptions,
  ) {
    this.verifier = new CheckpointVerifier(options.trust);
    if (options.checkpoints.length === 0) {
      throw new EvidenceFormatError('list of checkpoints', 'it is empty');
    }
  }

  /** Every row, from the first position to the last. */
  async all(): Promise<EvidenceReport> {
    return this.whole(null);
  }

  /**
   * Every row behind a checkpoint up to which the log was verified before.
   * @param note the signed checkpoint
   * @throws EvidenceFormatError, EvidenceSignatureError when it is not believed
   */
  async since(note: string): Promise<EvidenceReport> {
    this.verifier.verify(note);
    return this.whole(note);
  }

  /** Rows at random, each by a proof. @param count how many, at most as many as the largest checkpoint covers */
  async sample(count: number): Promise<EvidenceReport> {
    const run = this.begin();
    const size = run.last?.size ?? 0;
    const drawn = new Set<number>();
    while (drawn.size < Math.min(count, size)) {
      drawn.add(count < size ? randomInt(size) : drawn.size);
    }
    const positions = [...drawn].sort((one, other) => one - other);
    return this.records(run, this.log.positionsAt(positions), positions);
  }

  /** All rows of one entity that are there, each by a proof. Rows that are gone wholly only `all()` can miss. */
  async entity(entityType: string, entityId: string): Promise<EvidenceReport> {
    return this.records(this.begin(), this.log.positionsOf(entityType, entityId), []);
  }

  /** The row of one position. */
  async position(position: number): Promise<EvidenceReport> {
    return this.records(this.begin(), this.log.positionsAt([position]), [position]);
  }

  private begin(...more: readonly string[]): VerificationRun {
    const findings = new FindingList(this.options.maxFindings ?? MOST_FINDINGS);
    const notes = [...this.options.checkpoints, ...more];
    const checkpoints = trustedCheckpoints(notes, this.verifier, findings);
    return { findings, checkpoints, last: checkpoints.at(-1) };
  }

  private async whole(after: string | null): Promise<EvidenceReport> {
    const { log } = this;
    const { tolerance = HOUR, signal, onProgress } = this.options;
    const run = after === null ? this.begin() : this.begin(after);
    const verification = new LogVerification({ ...run, hashes: log.hashes, tolerance });
    const first = after === null ? null : this.verifier.verify(after);
    if (first !== null) {
      await verification.beginAfter(first, log.hashes);
    }
    const [begin, size] = [first?.size ?? 0, await log.size()];
    for await (const stored of log.positions(begin)) {
      signal?.throwIfAborted();
      await verification.add(stored);
      if (stored.position % PROGRESS_ROWS === 0) {
        onProgress?.({ rows: verification.counts.rows, total: Math.max(0, size - begin) });
      }
    }
    verification.end();
    for await (const changeId of log.unsealedRows()) {
      run.findings.add('row-unsealed', `Change ${changeId} is not in the log: no checkpoint covers it.`, {
        changeId,
      });
    }
    return this.report(run, { ...verification.counts, size });
  }

  private async records(
    run: VerificationRun,
    stored: AsyncIterable<SealedPosition>,
    wanted: readonly number[],
  ): Promise<EvidenceReport> {
    const { findings, last } = run;
    const verification = new RecordVerification(last ?? null, findings);
    const missing = new Set(wanted);
    for await (const one of stored) {
      this.options.signal?.throwIfAborted();
      missing.delete(one.position);
      await verification.addStored(one, this.log.hashes);
    }
    for (const position of missing) {
      findings.add('positions-missing', `The position ${position} is gone.`, { from: position });
    }
    return this.report(run, { rows: verification.count, checkpoints: 0, size: null });
  }

  private report(
    { findings, last }: VerificationRun,
    rest: Pick<EvidenceReport, 'rows' | 'size' | 'checkpoints'>,
  ): EvidenceReport {
    return findings.report({
      ...rest,
      origin: this.verifier.origin,
      checkpoint: last ? { size: last.size, root: last.root.toString('base64') } : null,
    });
  }
}
