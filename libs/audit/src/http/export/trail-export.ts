import type { JsonObject } from '../../model/json.js';
import type { StoredRow, TrailExporter } from '../../query/search/trail-export.js';
import { objectFromPairs } from '../../serialize/json/json-shape.js';
import type { EntityTypes } from '../access/entity-types.js';
import { LabelView } from '../access/label-view.js';
import type { ReaderAccess } from '../access/reader-access.js';
import { EXPORT_FORMATS, type ExportFormatName } from './export-format.js';
import { type ExportManifest, ExportSummary } from './export-manifest.js';

/** The changes of a query as a file, made as it is read. */
export class TrailExport {
  private readonly summary: ExportSummary;
  private readonly labels: LabelView;

  constructor(
    private readonly exporter: TrailExporter,
    private readonly formatName: ExportFormatName,
    query: ExportManifest['query'],
    private readonly reader: ReaderAccess,
    types: EntityTypes,
  ) {
    this.summary = new ExportSummary(formatName, query);
    this.labels = new LabelView(reader, types);
  }

  /** Changes written so far. */
  get count(): number {
    return this.summary.count;
  }

  /** The text of the file without its manifest, a batch at a time, and the manifest in the end. */
  async *parts(): AsyncGenerator<string, ExportManifest> {
    const format = EXPORT_FORMATS[this.formatName];
    let text = format.head;
    for await (const batch of this.exporter.batches()) {
      text += batch.map((row) => format.change(this.visible(row))).join('');
      yield this.noted(text, batch);
      text = '';
    }
    yield this.noted(text, []);
    return this.summary.manifest();
  }

  private noted(text: string, batch: readonly StoredRow[]): string {
    this.summary.add(
      text,
      batch.map(({ change }) => change.id),
    );
    return text;
  }

  /** The row without what is hidden from the reader. */
  private visible({ change, revision }: StoredRow): StoredRow {
    const policy = this.exporter.instance.policies.ofType(change.entityType);
    const entityType = policy?.entityType ?? change.entityType;
    const hidden = this.reader.hiddenOf(entityType);
    const show = (values: JsonObject | null) =>
      values &&
      objectFromPairs(
        Object.entries(values).map(
          ([stored, value]) =>
            [stored, hidden.apply(policy?.formerPaths.present(stored) ?? stored, value)] as const,
        ),
      );
    return {
      change: {
        ...change,
        before: hidden.isEmpty ? change.before : show(change.before),
        after: hidden.isEmpty ? change.after : show(change.after),
        labels: change.labels && this.labels.visible(change.labels, entityType),
      },
      revision,
    };
  }
}
