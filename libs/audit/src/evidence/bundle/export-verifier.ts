import { AuditError } from '../../errors/audit-error.js';
import type { Checkpoint } from '../note/checkpoint.js';
import { CheckpointVerifier, type LogTrust } from '../note/log-trust.js';
import type { EvidenceReport } from '../verify/evidence-finding.js';
import { FindingList } from '../verify/finding-list.js';
import { LogVerification } from '../verify/log-verification.js';
import { RecordVerification } from '../verify/record-verification.js';
import { trustedCheckpoints } from '../verify/trusted-checkpoints.js';
import { type ExportedRow, parseRowLine } from './export-lines.js';
import { ExportReader } from './export-reader.js';

/** How an export is verified. */
export interface VerifyExportOptions {
  /** Which log, and whose signatures; from those who verify, never from the export. */
  readonly trust: LogTrust;
  /** Findings of each kind that are listed; all are counted. By default 1,000. */
  readonly maxFindings?: number;
}

/** The check of one export while it is read. */
interface RowVerification {
  add(row: ExportedRow): void | Promise<void>;
  end(): void;
  readonly rows: number;
  readonly checkpoints: number;
}

/**
 * Verifies an export by itself: every row by its proof, and number and hash of its lines. Whether a query has found all that it
 * should is proved of an export of the whole log only.
 * @param chunks the file, as `createReadStream()` gives it
 * @throws EvidenceFormatError when it is no export, or the trust is invalid
 */
export async function verifyExport(
  chunks: AsyncIterable<Uint8Array | string>,
  { trust, maxFindings = 1_000 }: VerifyExportOptions,
): Promise<EvidenceReport> {
  const verifier = new CheckpointVerifier(trust);
  const findings = new FindingList(maxFindings);
  const reader = await ExportReader.open(chunks);
  const [checkpoint = null] = trustedCheckpoints([reader.header.checkpoint], verifier, findings);
  const verification = reader.header.whole
    ? wholeLog(checkpoint, findings)
    : singleRows(checkpoint, findings);
  let lines = 0;
  for await (const line of reader.rows()) {
    lines += 1;
    try {
      await verification.add(parseRowLine(line));
    } catch (error) {
      if (!(error instanceof AuditError)) {
        throw error;
      }
      findings.add('export-changed', `Line ${lines + 1} cannot be read: ${error.message}`);
    }
  }
  verification.end();
  const { manifest, sha256 } = reader.end();
  if (manifest === null) {
    findings.add('export-changed', 'The manifest at its end is missing: the export was cut off.');
  } else if (manifest.rows !== lines || manifest.sha256 !== sha256) {
    findings.add(
      'export-changed',
      `The manifest is of other lines: it says ${manifest.rows}, and there are ${lines}.`,
    );
  }
  if (manifest !== null && manifest.notCovered !== 0) {
    findings.add(
      'not-covered',
      `${manifest.notCovered} rows that were asked for are younger than the checkpoint.`,
    );
  }
  return findings.report({
    origin: verifier.origin,
    rows: verification.rows,
    size: null,
    checkpoint: checkpoint && { size: checkpoint.size, root: checkpoint.root.toString('base64') },
    checkpoints: verification.checkpoints,
  });
}

function wholeLog(checkpoint: Checkpoint | null, findings: FindingList): RowVerification {
  const checkpoints = checkpoint === null ? [] : [checkpoint];
  const tolerance = Number.POSITIVE_INFINITY;
  const log = new LogVerification({ checkpoints, hashes: null, findings, tolerance });
  return {
    add: ({ stored }) => log.add(stored),
    end: () => log.end(),
    get rows() {
      return log.counts.rows;
    },
    get checkpoints() {
      return log.counts.checkpoints;
    },
  };
}

function singleRows(checkpoint: Checkpoint | null, findings: FindingList): RowVerification {
  const records = new RecordVerification(checkpoint, findings);
  let next = 0;
  return {
    add: ({ stored, proof }) => {
      if (stored.position < next) {
        findings.add('positions-disordered', `Position ${stored.position} comes behind ${next - 1}.`, {
          from: stored.position,
          row: stored.row,
        });
      }
      next = stored.position + 1;
      records.add(stored, proof ?? []);
    },
    end: () => undefined,
    get rows() {
      return records.count;
    },
    checkpoints: 0,
  };
}
