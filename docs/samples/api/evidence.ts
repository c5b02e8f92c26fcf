import {
  AuditEvidence,
  type CheckpointPublisher,
  checkpointUrl,
  type DatabaseLog,
  Ed25519Signer,
  type EvidenceReport,
  exportEvidence,
  type LogTrust,
  LogVerifier,
  NoteKey,
  proveRecord,
  type SealedPosition,
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

/** A key that was used up to some checkpoint, and the one that has followed it. */
export const TRUST: LogTrust = {
  origin: 'example.com/audit',
  keys: [
    { key: 'example.com/audit+57840a0c+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea', until: 120_000 },
    { key: 'example.com/audit+9cc1adf8+AcJyR1M2AfXVmhpVyAFmZYHWJy4ehEDT9SIAWEhpG0Uv', from: 120_000 },
  ],
};

/** Verifies parts: all since a checkpoint, some rows by chance, one entity, one row. */
export async function verifyParts(verifier: LogVerifier, note: string): Promise<readonly boolean[]> {
  const reports = [
    await verifier.since(note),
    await verifier.sample(100),
    await verifier.entity('Invoice', '1'),
    await verifier.position(0),
  ];
  return reports.map(({ ok }) => ok);
}

/** How much of the log there is, and where the rows of an entity stand in it. */
export async function placesOf(
  log: DatabaseLog,
  entityType: string,
  entityId: string,
): Promise<readonly number[]> {
  const places: number[] = [];
  for await (const { position } of (await log.size()) > 0 ? log.positionsOf(entityType, entityId) : []) {
    places.push(position);
  }
  return places;
}

/** The rows of the log from some place on. */
export function rowsFrom(log: DatabaseLog, position: number): AsyncIterable<SealedPosition> {
  return log.positions(position);
}

/** How changes stand in the log, and the checkpoint that proves those it covers. */
export async function sealsOf(
  evidence: AuditEvidence,
  changeIds: readonly string[],
): Promise<readonly boolean[]> {
  const checkpoint = await evidence.newestCheckpoint({ instance: 'default' });
  const seals = checkpoint === null ? new Map() : await evidence.seals(changeIds);
  return changeIds.map((id) => seals.has(id));
}

/** Whether a key has signed a text. */
export function hasSigned(key: string, text: string, signature: Uint8Array): boolean {
  return NoteKey.parse(key).verify(text, signature);
}

/** The public key of the raw bytes of an Ed25519 key. */
export function keyOf(bytes: Buffer): string {
  return NoteKey.of('example.com/audit', bytes).toString();
}

/** A signature of one's own, such as of a second witness. */
export function sign(secret: string, text: string): Uint8Array {
  return Ed25519Signer.of('witness.example.com', secret).sign(text);
}

/** A place for checkpoints that keeps them in memory, for a test. */
export class MemoryPlace implements CheckpointPublisher {
  readonly place = 'memory';
  private readonly notes = new Map<string, string>();

  async latest(origin: string): Promise<string | null> {
    return this.notes.get(origin) ?? null;
  }

  async publish(origin: string, _size: number, note: string): Promise<void> {
    this.notes.set(origin, note);
  }
}
