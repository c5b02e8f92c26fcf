import type { StoredRow, TrailExporter } from '../../query/search/trail-export.js';
import type { BoundedReads } from '../limits/bounded-reads.js';
import type { HttpLimits } from '../limits/http-limits.js';

/** Everything that a query finds, a batch at a time, as far as the limits of an export let it. */
export class BoundedExport {
  /** Whether there may be more than the batches had; to be asked after the last one. */
  isTruncated = false;

  constructor(
    private readonly exporter: TrailExporter,
    private readonly reads: BoundedReads,
    private readonly limits: Required<HttpLimits>,
  ) {}

  get instance(): TrailExporter['instance'] {
    return this.exporter.instance;
  }

  /** @throws QueryTimeoutError, HttpException as `BoundedReads` does, for each batch */
  async *batches(): AsyncGenerator<readonly StoredRow[], void> {
    const batches = this.exporter.batches();
    let { exportRows: rows, exportMilliseconds: milliseconds } = this.limits;
    while (milliseconds > 0) {
      const begin = performance.now();
      const { done, value: batch } = await this.reads.ask(() => batches.next());
      milliseconds -= performance.now() - begin;
      if (done) {
        return;
      }
      yield batch.slice(0, rows);
      if (batch.length > rows) {
        break;
      }
      rows -= batch.length;
    }
    this.isTruncated = true;
  }
}
