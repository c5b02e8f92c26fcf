import { generateKeyPairSync } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkpointFolder, Ed25519Signer, type EvidenceOptions } from 'nestjs-mikro-audit';

const ORIGIN = 'localhost/work-orders';

/** How the trail of this app is sealed, and what somebody needs to verify it. */
export interface AuditLog {
  readonly evidence: EvidenceOptions;
  /** File for `mikro-audit verify --trust`. */
  readonly trust: string;
  /** Folder for `mikro-audit verify --checkpoint`. */
  readonly checkpoints: string;
}

/**
 * Opens the log, and makes its key at the first start. So that it can be tried out, all of it is in one folder beside the
 * database; an app in earnest keeps its key in a secret store, its checkpoints where the administrators of the database cannot write, and
 * `trust.json` with those who verify.
 */
export async function openAuditLog(home: string): Promise<AuditLog> {
  const folder = join(home, 'audit-log');
  const [keyFile, trust, checkpoints] = ['key.pem', 'trust.json', 'checkpoints'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (!existsSync(keyFile)) {
    const { privateKey } = generateKeyPairSync('ed25519');
    await writeFile(`${keyFile}.new`, privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600 });
    await rename(`${keyFile}.new`, keyFile);
  }
  const pem = await readFile(keyFile, 'utf8');
  const key = Ed25519Signer.of(ORIGIN, pem).key.toString();
  await writeFile(trust, `${JSON.stringify({ origin: ORIGIN, keys: [{ key }] }, null, 2)}\n`);
  return {
    evidence: {
      origin: ORIGIN,
      signers: (origin) => [Ed25519Signer.of(origin, pem)],
      publishers: [checkpointFolder(checkpoints)],
      every: 10,
    },
    trust,
    checkpoints,
  };
}
