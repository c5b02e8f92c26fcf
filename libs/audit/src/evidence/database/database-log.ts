import { EvidenceFormatError } from '../../errors/evidence-errors.js';
import { type RowSalts, saltsOfJson } from '../leaf/row-salts.js';
import type { SealedRow } from '../leaf/sealed-columns.js';
import { isHash } from '../merkle/hashes.js';
import type { TreeHashes } from '../merkle/tree-hashes.js';
import { fromDecimal } from '../note/strict-base64.js';
import type { SealedPosition, StoredLog } from '../verify/sealed-position.js';
import { hashesSql, leavesAtSql, leavesOfSql, leavesSql, PAGE, sizeSql, unsealedRowsSql } from './log-sql.js';
import type { LogTables } from './log-tables.js';

/** Runs a statement that only reads. */
export type RunQuery = <Row>(sql: string, parameters: readonly unknown[]) => Promise<readonly Row[]>;

interface PositionColumns {
  readonly position: string;
  readonly changeId: string | null;
  readonly leafHash: string | null;
  readonly seed: string | null;
  readonly salts: string | null;
}

const LEAST_ID = -(2n ** 63n);
const MOST_ID = 2n ** 63n - 1n;

/** `id` is null where the column was made one that can be. */
interface UnsealedRow {
  readonly id: string | null;
}

/** `id` is null where the row is gone. */
type PositionRow = PositionColumns & SealedRow;

/** A log in PostgreSQL, read a page at a time. */
export class DatabaseLog implements StoredLog {
  private readonly run: RunQuery;

  /** @param run on one connection, or on those of a pool */
  constructor(
    private readonly tables: LogTables,
    run: RunQuery,
  ) {
    this.run = inTurn(run);
  }

  readonly hashes: TreeHashes = {
    read: async (level, start, count) => {
      const sql = hashesSql(this.tables, level);
      const rows = await this.run<{ readonly index: string; readonly hash: string | null }>(sql, [
        level,
        start,
        start + count,
      ]);
      const hashes = rows.map(({ hash }) => bytesOf(hash));
      // A value that is no hash is as good as missing.
      const gap = hashes.findIndex(
        (hash, place) => rows[place]?.index !== String(start + place) || !isHash(hash),
      );
      return hashes.slice(0, gap < 0 ? hashes.length : gap);
    },
  };

  async size(): Promise<number> {
    const [row] = await this.run<{ readonly size: string }>(sizeSql(this.tables), []);
    return positionOf(row?.size ?? '');
  }

  positions(from: number): AsyncIterable<SealedPosition> {
    return this.pages(leavesSql(this.tables), from, []);
  }

  async *positionsAt(positions: readonly number[]): AsyncIterable<SealedPosition> {
    for (let start = 0; start < positions.length; ) {
      const wanted = positions.slice(start, start + PAGE);
      const rows = await this.run<PositionRow>(leavesAtSql(this.tables), [JSON.stringify(wanted)]);
      const found = rows.map(sealedPosition);
      yield* found;
      // A page of large rows ends early; where it is empty, all that were wanted are gone.
      const last = found.at(-1)?.position ?? Number.POSITIVE_INFINITY;
      start += wanted.filter((position) => position <= last).length;
    }
  }

  positionsOf(entityType: string, entityId: string): AsyncIterable<SealedPosition> {
    return this.pages(leavesOfSql(this.tables), 0, [entityType, entityId]);
  }

  async *unsealedRows(): AsyncIterable<string> {
    for (let next: bigint | null = LEAST_ID; next !== null && next <= MOST_ID; ) {
      const rows: readonly UnsealedRow[] = await this.run(unsealedRowsSql(this.tables), [
        next.toString(),
        next === LEAST_ID,
      ]);
      yield* rows.map(({ id }) => id ?? 'without an id');
      const last = rows.length < PAGE ? null : rows.findLast(({ id }) => id !== null)?.id;
      next = typeof last === 'string' ? BigInt(last) + 1n : null;
    }
  }

  private async *pages(
    sql: string,
    from: number,
    parameters: readonly unknown[],
  ): AsyncIterable<SealedPosition> {
    const page = (next: number) => this.run<PositionRow>(sql, [next, ...parameters]);
    for (let coming = page(from); ; ) {
      const rows = await coming;
      const last = rows.at(-1);
      // A page of large rows ends early, so only an empty one is the end.
      if (last === undefined) {
        return;
      }
      // The server reads the next page while this one is hashed.
      coming = page(positionOf(last.position) + 1);
      // A reader who stops in between never asks for it.
      coming.catch(() => undefined);
      yield* rows.map(sealedPosition);
    }
  }
}

/** `pg` does not take a statement any more while another one runs on its connection, and pages are read ahead. */
function inTurn(run: RunQuery): RunQuery {
  let last: Promise<unknown> = Promise.resolve();
  return (sql, parameters) => {
    const rows = last.then(() => run<never>(sql, parameters));
    last = rows.catch(() => undefined);
    return rows;
  };
}

function sealedPosition(row: PositionRow): SealedPosition {
  const { position, changeId, leafHash, seed, salts, ...columns } = row;
  return {
    position: positionOf(position),
    changeId,
    leafHash: bytesOf(leafHash),
    salts: saltsOf(seed, salts),
    row: columns.id === null ? null : columns,
  };
}

/** No hash where there is none, and where somebody has made the column one that can be null. */
function bytesOf(hexadecimal: string | null): Buffer {
  return Buffer.from(hexadecimal ?? '', 'hex');
}

/** After an erasure the seed is gone, and the salts that remain are there. */
function saltsOf(seed: string | null, salts: string | null): RowSalts | null {
  if (seed !== null) {
    return bytesOf(seed);
  }
  try {
    return salts === null ? null : saltsOfJson(JSON.parse(salts));
  } catch {
    // The column can be made one of text, and then holds anything.
    return null;
  }
}

function positionOf(text: string): number {
  const position = fromDecimal(text);
  if (position === null) {
    throw new EvidenceFormatError('position', `${text} is no number from 0 on`);
  }
  return position;
}
