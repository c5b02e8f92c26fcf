/** How a change stands in the log of its trail. */
export interface ChangeSeal {
  /** Its position, from 0; null when it has none yet, or there is no such change. */
  readonly position: number | null;
  /** Whether it is a leaf of the log. */
  readonly sealed: boolean;
  /** The first published checkpoint that covers it; null while there is none, so that nobody outside would notice a change. */
  readonly checkpoint: CoveringCheckpoint | null;
}

/** A published checkpoint. */
export interface CoveringCheckpoint {
  /** Number of positions that it covers. */
  readonly size: number;
  /** When it was published the first time. */
  readonly publishedAt: Date;
}

export const NO_SEAL: ChangeSeal = { position: null, sealed: false, checkpoint: null };
