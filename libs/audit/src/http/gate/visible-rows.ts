import type { StoredRow } from '../../query/search/trail-export.js';
import type { BoundedExport } from '../trail/bounded-export.js';
import type { StoredRowViews } from '../view/stored-row-view.js';
import type { LeftOut } from './left-out.js';
import { seal } from './seal.js';
import type { Visible } from './visible.js';

/** The changes and actions of an export in the form in which they are stored, without what is hidden. */
export class VisibleRows {
  constructor(
    private readonly exporter: BoundedExport,
    private readonly views: StoredRowViews,
    readonly leftOut: readonly LeftOut[],
  ) {}

  /** The last one is empty. At the end it is said whether there may be more. */
  async *batches(): AsyncGenerator<
    Visible<readonly StoredRow[]>,
    Visible<{ readonly isTruncated: boolean }>
  > {
    for await (const batch of this.exporter.batches()) {
      yield seal(batch.map((row) => this.views.row(row)));
    }
    yield seal([]);
    return seal({ isTruncated: this.exporter.isTruncated });
  }
}
