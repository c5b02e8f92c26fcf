import type { RowSalts } from '../leaf/row-salts.js';
import type { SealedRow } from '../leaf/sealed-columns.js';
import type { TreeHashes } from '../merkle/tree-hashes.js';

/** A position of a log as it is stored. */
export interface SealedPosition {
  /** From 0. */
  readonly position: number;
  /** The id of the change that the position names; null when the position itself is gone, and only its leaf is there. */
  readonly changeId: string | null;
  readonly leafHash: Buffer;
  /** Null when they are gone, so that nothing of the row can be proved. */
  readonly salts: RowSalts | null;
  /** Null when the row is gone. */
  readonly row: SealedRow | null;
}

/** A log as it is stored. All that is read of it may have been forged. */
export interface StoredLog {
  readonly hashes: TreeHashes;
  /** How many positions there are: the last one and one. */
  size(): Promise<number>;
  /** All positions from one on, in order. */
  positions(from: number): AsyncIterable<SealedPosition>;
  /**
   * Those of these positions that are there, in order.
   * @param positions in order, each once
   */
  positionsAt(positions: readonly number[]): AsyncIterable<SealedPosition>;
  /** Those that are said to be of an entity, in order. */
  positionsOf(entityType: string, entityId: string): AsyncIterable<SealedPosition>;
  /** Ids of committed rows that are not sealed although they should be by now. */
  unsealedRows(): AsyncIterable<string>;
}
