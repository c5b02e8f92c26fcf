import { createHash } from 'node:crypto';
import { TreeReader } from '../merkle/tree-reader.js';
import { parseCheckpoint } from '../note/checkpoint.js';
import { SignedNote } from '../note/signed-note.js';
import type { SealedPosition, StoredLog } from '../verify/sealed-position.js';
import { EXPORT_FORMAT, type ExportHeader, type ExportManifest, rowLine } from './export-lines.js';

/** The exported part of the trail. */
export interface ExportRequest {
  readonly log: StoredLog;
  /** The signed checkpoint that the rows are proved by. Rows that it does not cover are left out and counted. */
  readonly checkpoint: string;
  /** Rows of the log, in the order of their positions; `all` for the whole log up to the checkpoint. */
  readonly rows: AsyncIterable<SealedPosition> | 'all';
  /** The query, as plain JSON, for whoever reads it. */
  readonly query?: unknown;
  /** Rows that were asked for and have been left out already, because the checkpoint does not cover them. By default 0. */
  readonly notCovered?: number;
}

/**
 * Rows of a log as NDJSON with everything that proves them: a header with the checkpoint, a line for each row with its salts and
 * proof, and a manifest with number and hash of the lines. It verifies without the database, and without this library.
 * @returns lines with their line breaks
 */
export async function* exportEvidence({
  log,
  checkpoint,
  rows,
  query,
  notCovered = 0,
}: ExportRequest): AsyncIterable<string> {
  const { size } = parseCheckpoint(SignedNote.parse(checkpoint).text);
  const digest = createHash('sha256');
  const hashed = (line: string): string => {
    digest.update(`${line}\n`);
    return `${line}\n`;
  };
  const whole = rows === 'all';
  const header: ExportHeader = { format: EXPORT_FORMAT, checkpoint, whole, query: query ?? null };
  yield hashed(JSON.stringify(header));
  let [count, leftOut] = [0, notCovered];
  for await (const stored of whole ? log.positions(0) : rows) {
    if (stored.position >= size) {
      if (whole) {
        break;
      }
      leftOut += 1;
      continue;
    }
    const proof = whole ? null : await new TreeReader(log.hashes, size).inclusionProof(stored.position);
    count += 1;
    yield hashed(rowLine({ stored, proof }));
  }
  const manifest: ExportManifest = { rows: count, notCovered: leftOut, sha256: digest.digest('hex') };
  yield `${JSON.stringify({ manifest })}\n`;
}
