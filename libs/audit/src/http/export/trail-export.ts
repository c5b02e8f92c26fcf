import type { Visible } from '../gate/visible.js';
import type { VisibleRows } from '../gate/visible-rows.js';
import { EXPORT_FORMATS, type ExportFormatName } from './export-format.js';
import { type ExportManifest, ExportSummary } from './export-manifest.js';

/** The changes of a query as a file, made as it is read. */
export class TrailExport {
  private readonly summary: ExportSummary;

  constructor(
    private readonly rows: VisibleRows,
    private readonly formatName: ExportFormatName,
    query: ExportManifest['query'],
  ) {
    this.summary = new ExportSummary(formatName, query);
  }

  /** Changes written so far. */
  get count(): number {
    return this.summary.count;
  }

  /** The text of the file without its manifest, a batch at a time, and the manifest in the end. */
  async *parts(): AsyncGenerator<Visible<string>, Visible<ExportManifest>> {
    const format = EXPORT_FORMATS[this.formatName];
    let head = format.head;
    for await (const batch of this.rows.batches()) {
      yield batch.map((rows) => {
        const text = head + rows.map((row) => format.change(row)).join('');
        const ids = rows.map(({ change }) => change.id);
        this.summary.add(text, ids);
        return text;
      });
      head = '';
    }
    return this.rows.end.map(() => this.summary.manifest());
  }
}
