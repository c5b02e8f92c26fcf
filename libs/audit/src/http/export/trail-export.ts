import type { Visible } from '../gate/visible.js';
import type { VisibleRows } from '../gate/visible-rows.js';
import { EXPORT_FORMATS, type ExportFormatName } from './export-format.js';
import { type ExportManifest, ExportSummary } from './export-manifest.js';

/** The changes and actions of a query as a file, made as it is read. */
export class TrailExport {
  private readonly summary: ExportSummary;

  constructor(
    private readonly rows: VisibleRows,
    private readonly formatName: ExportFormatName,
    query: ExportManifest['query'],
  ) {
    this.summary = new ExportSummary(formatName, query, rows.leftOut);
  }

  /** Changes, and actions without any, written so far. */
  get counts(): Pick<ExportManifest, 'count' | 'actions'> {
    const { count, actions } = this.summary;
    return { count, actions };
  }

  /** The text of the file without its manifest, a batch at a time, and the manifest in the end. */
  async *parts(): AsyncGenerator<Visible<string>, Visible<ExportManifest>> {
    const format = EXPORT_FORMATS[this.formatName];
    let head = format.head;
    for await (const batch of this.rows.batches()) {
      yield batch.map((rows) => {
        const text = head + rows.map((row) => format.row(row)).join('');
        this.summary.add(text, rows);
        return text;
      });
      head = '';
    }
    return this.rows.end.map(() => this.summary.manifest());
  }
}
