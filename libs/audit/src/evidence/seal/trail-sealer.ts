import { setImmediate as turn } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { describeCause } from '../../errors/describe-cause.js';
import { DatabaseLog, type RunQuery } from '../database/database-log.js';
import { PAGE, storeHashesSql, storeLeavesSql, unsealedSql } from '../database/log-sql.js';
import type { LogTables } from '../database/log-tables.js';
import { MISSING_ROW, type Sealed, sealRow } from '../leaf/leaf.js';
import { SEED_BYTES } from '../leaf/row-salts.js';
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

/** As they are stored. */
interface NewHashes {
  /** Position of the first leaf. */
  readonly first: number;
  readonly leafHashes: Buffer[];
  readonly seeds: Buffer[];
  /** Hashes above the leaves. */
  readonly inner: unknown[];
}

/** Stands for the seed of a row that is not there. */
const NO_SEED = Buffer.alloc(SEED_BYTES);
const MISSING: Sealed = { leafHash: MISSING_ROW, seed: NO_SEED };

/** Rows that are not sealed yet, from a position on. */
interface UnsealedPage {
  readonly from: number;
  readonly rows: readonly UnsealedRow[];
}

/** Leaves that are hashed before the thread, which is that of the app, is left to others: some milliseconds. */
const HASHED_AT_ONCE = 64;

const logger = new Logger('AuditSequencer');

/**
 * Adds the rows that have positions to the Merkle tree of the trail, a page at a time. It belongs to whoever gives the positions: where two
 * of them did it at once, the primary key of the leaves would let only one.
 */
export class TrailSealer {
  /** The tree as this process has stored it; null when it has to be read. */
  private range: CompactRange | null = null;
  /** The next page of a long trail, which the server has read while the one before was hashed. */
  private ahead: UnsealedPage | null = null;

  constructor(
    private readonly tables: LogTables,
    private readonly inSnapshot: InSnapshot,
  ) {}

  /**
   * Seals a page of what has a position and no leaf, in one transaction.
   * @param given number of positions that were given out: whoever plants one far behind them must not have all that is in between sealed
   *   as missing
   * @throws EvidenceMissingError when hashes are missing that the tree goes on from
   */
  async seal(given: number): Promise<SealedPage> {
    const [known, ahead] = [this.range, this.ahead];
    // After any failure the tree in memory may not be the stored one.
    this.range = null;
    this.ahead = null;
    const sealed = await this.inSnapshot(async (run) => {
      const log = new DatabaseLog(this.tables, run);
      const size = await log.size();
      const range = known?.size === size ? known : await new TreeReader(log.hashes, size).compactRange();
      const page = ahead?.from === size ? ahead : await this.read(run, size, given);
      const next = page.rows.length === 0 ? given : Number(page.rows.at(-1)?.position) + 1;
      const coming = next < given ? this.read(run, next, given) : Promise.resolve(null);
      coming.catch(() => undefined);
      const hashes = await append(range, page.rows);
      // Another one storing beside it would have two statements on one connection.
      const read = await coming;
      await this.store(run, hashes);
      return { range, ahead: read, rows: hashes.leafHashes.length };
    });
    this.range = sealed.range;
    this.ahead = sealed.ahead;
    return { size: sealed.range.size, rows: sealed.rows };
  }

  private async store(run: RunQuery, { first, leafHashes, seeds, inner }: NewHashes): Promise<void> {
    if (leafHashes.length > 0) {
      await run(storeLeavesSql(this.tables), [first, Buffer.concat(leafHashes), Buffer.concat(seeds)]);
    }
    if (inner.length > 0) {
      await run(storeHashesSql(this.tables), [JSON.stringify(inner)]);
    }
  }

  private async read(run: RunQuery, from: number, given: number): Promise<UnsealedPage> {
    return { from, rows: await run<UnsealedRow>(unsealedSql(this.tables), [from, given]) };
  }
}

/** Adds the leaves of rows to a tree. */
async function append(range: CompactRange, rows: readonly UnsealedRow[]): Promise<NewHashes> {
  const hashes: NewHashes = { first: range.size, leafHashes: [], seeds: [], inner: [] };
  for (const { leafHash, seed } of leavesFrom(range.size, rows)) {
    if (hashes.leafHashes.length % HASHED_AT_ONCE === 0) {
      await turn();
    }
    hashes.leafHashes.push(leafHash);
    hashes.seeds.push(seed);
    hashes.inner.push(...range.append(leafHash).map(storedHash));
  }
  return hashes;
}

/**
 * One leaf for each position, a page of them at most: also for one that is not there any more, where those behind it are. Where the
 * uniqueness of positions was taken away, a further row of one has no leaf, and every verification tells.
 */
function* leavesFrom(size: number, rows: readonly UnsealedRow[]): Iterable<Sealed> {
  let next = size;
  for (const row of rows) {
    const position = Number(row.position);
    const end = Math.min(position, size + PAGE);
    if (next < end) {
      logger.error(`The positions ${next} to ${end - 1} were deleted before they were sealed.`);
    }
    for (; next < end; next += 1) {
      yield MISSING;
    }
    if (next < position) {
      return;
    }
    if (next === position) {
      yield leafAt(next, row);
      next += 1;
    }
  }
}

function leafAt(position: number, row: SealedRow): Sealed {
  if (row.id === null) {
    return missing(position, 'was deleted before it was sealed');
  }
  try {
    return sealRow(row);
  } catch (error) {
    // Only where somebody has changed the types of columns. It must not keep all that comes behind it from being sealed.
    return missing(position, `cannot be sealed (${describeCause(error)})`);
  }
}

function storedHash({ level, index, hash }: TreeHash): unknown {
  return { level, index, hash: hash.toString('hex') };
}

/** The log goes on, and every verification names the position: to stand still would do whoever deleted the row a favor. */
function missing(position: number, problem: string): Sealed {
  logger.error(`The row of position ${position} ${problem}.`);
  return MISSING;
}
