import type { StoredRow } from '../../query/search/trail-export.js';
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

  /** Changes, and actions without any, written so far, and whether it ends before they do. */
  get facts(): Pick<ExportManifest, 'count' | 'actions' | 'truncated'> {
    const { count, actions, truncated } = this.summary;
    return { count, actions, truncated };
  }

  /** The text of the file without its manifest, a batch at a time, and the manifest in the end. */
  async *parts(): AsyncGenerator<Visible<string>, Visible<ExportManifest>> {
    const format = EXPORT_FORMATS[this.formatName];
    const batches = this.rows.batches();
    let head = format.head;
    let batch = await batches.next();
    for (; !batch.done; batch = await batches.next()) {
      yield batch.value.map((rows) => this.added(head + rows.map((row) => format.row(row)).join(''), rows));
      head = '';
    }
    const end = batch.value;
    yield end.map(({ isTruncated }) => {
      this.summary.truncated = isTruncated;
      return this.added(isTruncated ? format.truncation : '', []);
    });
    return end.map(() => this.summary.manifest());
  }

  private added(text: string, rows: readonly StoredRow[]): string {
    this.summary.add(text, rows);
    return text;
  }
}
