import { createReadStream, createWriteStream, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Injectable } from '@nestjs/common';
import {
  AuditEvidence,
  AuditModule,
  checkpointFolder,
  DatabaseLog,
  Ed25519Signer,
  type EvidenceReport,
  LogVerifier,
  verifyExport,
} from 'nestjs-mikro-audit';
import type { Client } from 'pg';

// #region seal
export const auditing = AuditModule.forRoot({
  evidence: {
    origin: 'example.com/audit',
    signers: (origin) => [Ed25519Signer.of(origin, readFileSync('/run/secrets/audit-log.pem', 'utf8'))],
    publishers: [checkpointFolder('/mnt/worm/checkpoints')],
  },
});
// #endregion

// #region verify
export function verifyTrail(client: Client, checkpoints: readonly string[]): Promise<EvidenceReport> {
  const tables = {
    change: 'audit_change',
    read: 'audit_read',
    position: 'audit_position',
    leaf: 'audit_leaf',
    treeHash: 'audit_tree_hash',
  };
  const log = new DatabaseLog(
    tables,
    async (sql, parameters) => (await client.query(sql, [...parameters])).rows,
  );
  const trust = {
    origin: 'example.com/audit',
    keys: [{ key: 'example.com/audit+57840a0c+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea' }],
  };
  return new LogVerifier(log, { trust, checkpoints }).all();
}
// #endregion

// #region prove
@Injectable()
export class HandOver {
  constructor(private readonly evidence: AuditEvidence) {}

  /** Writes the proof of one change, and its record, which has all values of the row. */
  async one(changeId: string, folder: string): Promise<void> {
    const proved = await this.evidence.prove(changeId);
    if (proved !== null) {
      await writeFile(join(folder, `${changeId}.tlog-proof`), proved.proof);
      await writeFile(join(folder, `${changeId}.record.json`), proved.record);
    }
  }

  /** Writes many changes, such as those of a search, with their proofs. */
  async many(changeIds: readonly string[], path: string): Promise<void> {
    await pipeline(this.evidence.export(changeIds, { query: 'all of 2026' }), createWriteStream(path));
  }
}
// #endregion

// #region export
export async function verifyFile(path: string, origin: string, key: string): Promise<boolean> {
  const report = await verifyExport(createReadStream(path), { trust: { origin, keys: [{ key }] } });
  for (const { kind, from, entityType, entityId, message } of report.findings) {
    console.log(kind, from, entityType, entityId, message);
  }
  return report.ok;
}
// #endregion
