import { generateKeyPairSync } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { type INestApplicationContext, Logger } from '@nestjs/common';
import {
  AuditSequencer,
  type CheckpointPublisher,
  DatabaseLog,
  Ed25519Signer,
  type EvidenceOptions,
  type EvidenceReport,
  type LogTrust,
  LogVerifier,
  type SealingHealth,
} from 'nestjs-mikro-audit';
import type pg from 'pg';

export const ORIGIN = 'example.com/audit';

/** A key as `openssl genpkey` writes it. */
export function newKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
}

/** Keeps what was published, as an outside place does. */
export class MemoryPublisher implements CheckpointPublisher {
  readonly place = 'memory';
  readonly notes: string[] = [];

  latest(): Promise<string | null> {
    return Promise.resolve(this.notes.at(-1) ?? null);
  }

  publish(_origin: string, _size: number, note: string): Promise<void> {
    this.notes.push(note);
    return Promise.resolve();
  }
}

/** Signed by these keys, once a second. */
export function evidence(
  [key, ...more]: readonly [string, ...string[]],
  ...publishers: readonly CheckpointPublisher[]
): EvidenceOptions {
  const signers = (origin: string) =>
    [Ed25519Signer.of(origin, key), ...more.map((other) => Ed25519Signer.of(origin, other))] as const;
  return { origin: ORIGIN, signers, publishers, every: 1 };
}

export function trustIn(...keys: readonly string[]): LogTrust {
  return { origin: ORIGIN, keys: keys.map((key) => ({ key: Ed25519Signer.of(ORIGIN, key).key.toString() })) };
}

export async function sealingHealth(app: INestApplicationContext): Promise<SealingHealth> {
  const [health] = await app.get(AuditSequencer).health();
  if (!health?.evidence) {
    throw new Error('The trail is not sealed.');
  }
  return health.evidence;
}

/** Waits until so many positions are sealed. */
export async function sealedUpTo(app: INestApplicationContext, size: number): Promise<void> {
  while (Number((await sealingHealth(app)).sealed) < size) {
    await pause(20);
  }
}

/** Waits until a published checkpoint covers as many positions. */
export async function covered(app: INestApplicationContext, size: number): Promise<void> {
  while (Number((await sealingHealth(app)).covered ?? -1) < size) {
    await pause(20);
  }
}

/** Waits until an app tells of such a thing in its log. The suite has to restore its mocks. */
export function told(level: 'error' | 'warn', pattern: RegExp): Promise<string> {
  return new Promise((resolve) => {
    jest.spyOn(Logger.prototype, level).mockImplementation((text) => {
      if (pattern.test(String(text))) {
        resolve(String(text));
      }
    });
  });
}

/** Verifies all of a trail over a connection that is not the app's. */
export function verifyAll(
  client: pg.Client,
  trust: LogTrust,
  checkpoints: readonly string[],
): Promise<EvidenceReport> {
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
  return new LogVerifier(log, { trust, checkpoints }).all();
}
