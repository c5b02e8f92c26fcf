import { EvidenceMissingError } from '../../errors/evidence-errors.js';
import { CompactRange } from '../merkle/compact-range.js';
import { isHash } from '../merkle/hashes.js';
import { TILE_WIDTH, type TreeHash, type TreeHashes } from '../merkle/tree-hashes.js';
import { TreeReader } from '../merkle/tree-reader.js';
import type { Checkpoint } from '../note/checkpoint.js';
import type { FindingList } from './finding-list.js';
import { RowCheck } from './row-check.js';
import type { SealedPosition } from './sealed-position.js';
import { TimeCheck } from './time-check.js';

/** The inputs to the verification of a log. */
export interface LogVerificationOptions {
  /** Those that are believed, the smallest first. */
  readonly checkpoints: readonly Checkpoint[];
  /** Stored hashes, to tell where leaves differ; null where there are none. */
  readonly hashes: TreeHashes | null;
  readonly findings: FindingList;
  /** Milliseconds that times of rows may be away from their places. */
  readonly tolerance: number;
}

/**
 * Reads a log from one position to its end, row by row, and grows its tree anew. It needs the memory of one row, and tells
 * all that is wrong: where a position is missing the tree ends, and rows are still held against their hashes.
 */
export class LogVerification {
  private next = 0;
  /** Null from where the tree cannot be grown any more. */
  private tree: CompactRange | null = CompactRange.empty();
  private agreed = 0;
  /** Size of the last checkpoint that the tree agrees with. */
  private proved = 0;
  private readonly pending: Checkpoint[];
  private readonly rows: RowCheck;
  private readonly times: TimeCheck;

  constructor(private readonly options: LogVerificationOptions) {
    const { checkpoints, findings, tolerance } = options;
    this.pending = [...checkpoints];
    this.rows = new RowCheck(findings);
    this.times = new TimeCheck(tolerance, findings);
  }

  /** How many rows were verified, and how many checkpoints they agree with. */
  get counts(): { readonly rows: number; readonly checkpoints: number } {
    return { rows: this.rows.count, checkpoints: this.agreed };
  }

  /** Begins behind a checkpoint that was verified before, from the stored hashes of its positions. */
  async beginAfter({ size, root }: Checkpoint, hashes: TreeHashes): Promise<void> {
    this.next = size;
    let range: CompactRange | null = null;
    try {
      range = await new TreeReader(hashes, size).compactRange();
    } catch (error) {
      if (!(error instanceof EvidenceMissingError)) {
        throw error;
      }
    }
    const agrees = range?.root().equals(root) === true;
    this.tree = agrees ? range : null;
    this.proved = agrees ? size : 0;
    if (!agrees) {
      this.options.findings.add(
        'root-differs',
        `The stored hashes of the first ${size} positions are not those of the checkpoint to begin with.`,
        { from: 0, to: Math.max(0, size - 1) },
      );
    }
    while (this.pending[0] && this.pending[0].size < size) {
      this.pending.shift();
    }
    this.compare();
  }

  async add(stored: SealedPosition): Promise<void> {
    const { findings } = this.options;
    const { position, leafHash } = stored;
    if (position < this.next) {
      findings.add('positions-disordered', `Position ${position} comes behind ${this.next - 1}.`, {
        from: position,
        row: stored.row,
      });
      return;
    }
    if (this.next === 0) {
      this.compare();
    }
    if (position > this.next) {
      findings.add('positions-missing', `The positions ${this.next} to ${position - 1} are gone.`, {
        from: this.next,
        to: position - 1,
      });
      this.tree = null;
    }
    this.next = position + 1;
    this.rows.check(stored);
    this.times.check(stored);
    if (!isHash(leafHash)) {
      findings.add('hashes-changed', `The hash of position ${position} does not have 32 bytes.`, {
        from: position,
      });
      this.tree = null;
    }
    if (this.tree === null) {
      return;
    }
    // The stored hash, not that of the row: a row that was edited is then found by itself, and the tree still proves the rest.
    for (const completed of this.tree.append(leafHash)) {
      await this.compareStored(completed);
    }
    this.compare();
  }

  /** There are no more rows. */
  end(): void {
    const { findings } = this.options;
    this.compare();
    const last = this.options.checkpoints.at(-1);
    if (last && last.size > this.next) {
      findings.add(
        'log-shrunk',
        `A checkpoint covers ${last.size} positions, and there are ${this.next}: the end was cut off.`,
        { from: this.next, to: last.size - 1 },
      );
    }
    const covered = last?.size ?? 0;
    if (covered < this.next) {
      findings.add('not-covered', `No checkpoint covers the positions ${covered} to ${this.next - 1} yet.`, {
        from: covered,
        to: this.next - 1,
      });
    }
  }

  /** Holds the tree against the checkpoints of its size. */
  private compare(): void {
    for (
      let checkpoint = this.pending[0];
      this.tree !== null && checkpoint?.size === this.tree.size;
      checkpoint = this.pending[0]
    ) {
      this.pending.shift();
      if (this.tree.root().equals(checkpoint.root)) {
        this.agreed += 1;
        this.proved = checkpoint.size;
        continue;
      }
      this.options.findings.add(
        'root-differs',
        `The positions from ${this.proved} on are not those that the checkpoint of ${checkpoint.size} covers.`,
        { from: this.proved, to: Math.max(this.proved, checkpoint.size - 1) },
      );
      // Larger checkpoints would only say the same.
      this.tree = null;
    }
  }

  private async compareStored({ level, index, hash }: TreeHash): Promise<void> {
    const { hashes, findings } = this.options;
    if (hashes === null) {
      return;
    }
    const [stored] = await hashes.read(level, index, 1);
    if (stored?.equals(hash) !== true) {
      const width = TILE_WIDTH ** level;
      findings.add(
        'hashes-changed',
        stored === undefined
          ? `The hash ${index} of level ${level} is gone.`
          : `The hash ${index} of level ${level} is not that of the leaves below.`,
        { from: index * width, to: (index + 1) * width - 1 },
      );
    }
  }
}
