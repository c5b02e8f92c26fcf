import {
  AuditEvidence,
  type CheckpointPublisher,
  checkpointUrl,
  type EvidenceReport,
  exportEvidence,
  type LogTrust,
  LogVerifier,
  proveRecord,
  type StoredLog,
  verifyExport,
  verifyRecord,
} from 'nestjs-mikro-audit';

/** For `publishers`: a service that keeps checkpoints where nobody of the app can change them. */
export const witness = (token: string): CheckpointPublisher =>
  checkpointUrl('https://witness.example.com/checkpoints/', {
    headers: { authorization: `Bearer ${token}` },
  });

/** Verifies the whole log, some rows of which may not be sealed yet. */
export function verifyAll(
  log: StoredLog,
  trust: LogTrust,
  checkpoints: readonly string[],
  signal: AbortSignal,
  tell: (text: string) => void,
): Promise<EvidenceReport> {
  const verifier = new LogVerifier(log, {
    trust,
    checkpoints,
    maxFindings: 50,
    tolerance: 600,
    signal,
    onProgress: ({ rows, total }) => tell(`${rows} of ${total}`),
  });
  return verifier.all();
}

/** Proves the row of a position, and verifies the proof as whoever is given it does. */
export async function proveAndVerify(
  log: StoredLog,
  position: number,
  checkpoint: string,
  trust: LogTrust,
): Promise<number | null> {
  const proved = await proveRecord(log, position, checkpoint);
  return proved === null ? null : verifyRecord(proved.proof, proved.record, trust).position;
}

/** Hands the whole log over, and verifies what was handed over. */
export function exportAndVerify(
  log: StoredLog,
  checkpoint: string,
  trust: LogTrust,
): Promise<EvidenceReport> {
  return verifyExport(
    chunksOf(
      exportEvidence({ log, checkpoint, rows: 'all', query: { why: 'audit of 2026' }, notCovered: 0 }),
    ),
    { trust, maxFindings: 50 },
  );
}

async function* chunksOf(lines: AsyncIterable<string>): AsyncIterable<string> {
  yield* lines;
}

/** Changes that no checkpoint covers yet are left out, and counted. */
export async function exportWithRest(
  evidence: AuditEvidence,
  changeIds: AsyncIterable<string>,
): Promise<string> {
  let text = '';
  for await (const line of evidence.export(changeIds, { query: { ids: 'given' }, notCovered: 'leave-out' })) {
    text += line;
  }
  return text;
}
