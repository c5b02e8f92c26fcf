import { sealRow } from '../leaf/leaf.js';
import { SEALED_COLUMNS, type SealedRow } from '../leaf/sealed-columns.js';
import { CompactRange } from '../merkle/compact-range.js';
import type { TreeHash } from '../merkle/tree-hashes.js';
import { signCheckpoint } from '../note/checkpoint-signing.js';
import type { LogTrust } from '../note/log-trust.js';
import { Ed25519Signer } from '../note/note-key.js';
import type { SealedPosition, StoredLog } from './sealed-position.js';

export const ORIGIN = 'example.com/audit';
export const SIGNER = Ed25519Signer.of(
  ORIGIN,
  `-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
-----END PRIVATE KEY-----
`,
);
export const TRUST: LogTrust = { origin: ORIGIN, keys: [{ key: SIGNER.key.toString() }] };

const EMPTY = Object.fromEntries(SEALED_COLUMNS.map((column) => [column, null])) as SealedRow;

/** A row of a trail that has a little of everything. */
export function rowOf(place: number, more: Partial<SealedRow> = {}): SealedRow {
  return {
    ...EMPTY,
    id: String(1_000 + place),
    recordedAt: new Date(Date.UTC(2026, 0, 1) + place * 1_000).toISOString().replace('Z', '001Z'),
    actorType: 'user',
    actorId: `u-${place % 5}`,
    actorLabel: 'Ada',
    entityType: place % 3 === 0 ? 'Order' : 'Customer',
    entityId: String(place % 11),
    operation: 'update',
    before: `{"count": ${place}, "name": "old"}`,
    after: `{"count": ${place + 1}, "name": "new"}`,
    transactionId: String(700 + place),
    outcome: 'success',
    origin: '{"ip": "10.0.0.1", "userAgent": "curl"}',
    ...more,
  };
}

/** A log in memory, as a database stores one. Everything in it can be tampered with. */
export class MemoryLog implements StoredLog {
  stored: SealedPosition[] = [];
  readonly levels: Buffer[][] = [];
  unplaced: string[] = [];
  private range = CompactRange.empty();

  static of(count: number): MemoryLog {
    const log = new MemoryLog();
    for (let place = 0; place < count; place += 1) {
      log.append(rowOf(place));
    }
    return log;
  }

  append(row: SealedRow): void {
    const { leafHash, seed } = sealRow(row);
    const position = this.stored.length;
    this.stored.push({ position, changeId: row.id ?? '', leafHash, salts: seed, row });
    this.keep(this.range.append(leafHash));
  }

  /** As somebody does who knows how the log is made. */
  recompute(): void {
    this.levels.length = 0;
    this.range = CompactRange.empty();
    const rows = this.stored.map(({ row }) => row);
    this.stored = [];
    for (const row of rows) {
      this.append(row ?? EMPTY);
    }
  }

  checkpoint(size = this.stored.length, previous: string | null = null): Promise<string> {
    return signCheckpoint({
      origin: ORIGIN,
      signers: [SIGNER],
      hashes: this.hashes,
      size,
      previous: previous === null ? [] : [previous],
    });
  }

  /** A copy to tamper with, without touching the original. */
  copy(): MemoryLog {
    const log = new MemoryLog();
    log.stored = [...this.stored];
    for (const [level, hashes] of this.levels.entries()) {
      log.levels[level] = [...(hashes ?? [])];
    }
    return log;
  }

  edit(place: number, change: (row: SealedRow) => SealedRow): void {
    const stored = this.stored[place];
    if (stored?.row) {
      this.stored[place] = { ...stored, row: change(stored.row) };
    }
  }

  readonly hashes = {
    read: (level: number, start: number, count: number): Promise<readonly Buffer[]> => {
      const at = (index: number) => this.stored.find(({ position }) => position === index)?.leafHash;
      const leaves = (): Buffer[] => {
        const found: Buffer[] = [];
        for (let index = start; index < start + count; index += 1) {
          const leaf = this.stored[index]?.position === index ? this.stored[index]?.leafHash : at(index);
          if (leaf === undefined) {
            break;
          }
          found.push(leaf);
        }
        return found;
      };
      return Promise.resolve(
        level === 0 ? leaves() : (this.levels[level]?.slice(start, start + count) ?? []),
      );
    },
  };

  size(): Promise<number> {
    return Promise.resolve((this.stored.at(-1)?.position ?? -1) + 1);
  }

  async *positions(from: number): AsyncIterable<SealedPosition> {
    yield* this.stored.filter(({ position }) => position >= from);
  }

  async *positionsAt(positions: readonly number[]): AsyncIterable<SealedPosition> {
    yield* this.stored.filter(({ position }) => positions.includes(position));
  }

  async *positionsOf(entityType: string, entityId: string): AsyncIterable<SealedPosition> {
    yield* this.stored.filter(({ row }) => row?.entityType === entityType && row.entityId === entityId);
  }

  async *unsealedRows(): AsyncIterable<string> {
    yield* this.unplaced;
  }

  private keep(completed: readonly TreeHash[]): void {
    for (const { level, index, hash } of completed) {
      this.levels[level] ??= [];
      const hashes = this.levels[level];
      hashes[index] = hash;
    }
  }
}
