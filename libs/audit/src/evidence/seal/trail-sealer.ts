import { Logger } from '@nestjs/common';
import { DatabaseLog, type RunQuery } from '../database/database-log.js';
import { storeHashesSql, storeLeavesSql, unsealedSql } from '../database/log-sql.js';
import type { LogTables } from '../database/log-tables.js';
import { MISSING_ROW, sealRow } from '../leaf/leaf.js';
import type { SealedRow } from '../leaf/sealed-columns.js';
import type { CompactRange } from '../merkle/compact-range.js';
import type { TreeHash } from '../merkle/tree-hashes.js';
import { TreeReader } from '../merkle/tree-reader.js';

/** Runs its work in one transaction whose statements all see the same. */
export type InSnapshot = <Result>(work: (run: RunQuery) => Promise<Result>) => Promise<Result>;

/** How far the sealing of a trail has come. */
export interface SealedPage {
  /** Number of positions that are sealed. */
  readonly size: number;
  /** How many of them were sealed now. 0: there were no more. */
  readonly rows: number;
}

/** `id` is null where the row is gone. */
type UnsealedRow = SealedRow & { readonly position: string };

const logger = new Logger('AuditSequencer');

/**
 * Adds the rows that have positions to the Merkle tree of the trail, a page at a time. It belongs to whoever gives the positions: where two
 * of them did it at once, the primary key of the leaves would let only one.
 */
export class TrailSealer {
  /** The tree as this process has stored it; null when it has to be read. */
  private range: CompactRange | null = null;

  constructor(
    private readonly tables: LogTables,
    private readonly inSnapshot: InSnapshot,
  ) {}

  /**
   * Seals a page of what has a position and no leaf, in one transaction.
   * @throws EvidenceMissingError when hashes are missing that the tree goes on from
   */
  async seal(): Promise<SealedPage> {
    const known = this.range;
    // Whatever fails, the tree in memory may not be the one that is stored.
    this.range = null;
    const { range, page } = await this.inSnapshot(async (run) => {
      const log = new DatabaseLog(this.tables, run);
      const size = await log.size();
      const range = known?.size === size ? known : await new TreeReader(log.hashes, size).compactRange();
      const rows = await run<UnsealedRow>(unsealedSql(this.tables), [size]);
      await this.store(run, range, rows);
      return { range, page: { size: range.size, rows: rows.length } };
    });
    this.range = range;
    return page;
  }

  private async store(run: RunQuery, range: CompactRange, rows: readonly UnsealedRow[]): Promise<void> {
    const leaves: unknown[] = [];
    const hashes: unknown[] = [];
    for (const { position, ...row } of rows) {
      const { leafHash, seed } = row.id === null ? missing(position) : sealRow(row);
      leaves.push({ position, hash: leafHash.toString('hex'), seed: seed?.toString('hex') });
      hashes.push(...range.append(leafHash).map(storedHash));
    }
    if (leaves.length > 0) {
      await run(storeLeavesSql(this.tables), [JSON.stringify(leaves)]);
    }
    if (hashes.length > 0) {
      await run(storeHashesSql(this.tables), [JSON.stringify(hashes)]);
    }
  }
}

function storedHash({ level, index, hash }: TreeHash): unknown {
  return { level, index, hash: hash.toString('hex') };
}

/** The log goes on, and every verification names the position: to stand still would do whoever deleted the row a favour. */
function missing(position: string): { readonly leafHash: Buffer; readonly seed: null } {
  logger.error(`The row of position ${position} was deleted before it was sealed.`);
  return { leafHash: MISSING_ROW, seed: null };
}
