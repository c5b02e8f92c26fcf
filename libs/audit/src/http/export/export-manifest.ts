import { createHash, type Hash } from 'node:crypto';
import type { ExportFormatName } from './export-format.js';

/** What an export consists of, so that its reader knows that it is whole. */
export interface ExportManifest {
  readonly format: ExportFormatName;
  /** Number of changes. */
  readonly count: number;
  /** Of all bytes before the manifest, hexadecimal. */
  readonly sha256: string;
  /** The parameters that chose the changes. */
  readonly query: Readonly<Record<string, readonly string[]>>;
  /** Id of the first change in the file; null when there is none. */
  readonly firstId: string | null;
  readonly lastId: string | null;
  /** When the export began. */
  readonly exportedAt: string;
}

/** Sums an export up as it is written. */
export class ExportSummary {
  count = 0;
  private firstId: string | null = null;
  private lastId: string | null = null;
  private readonly hash: Hash = createHash('sha256');
  private readonly exportedAt = new Date().toISOString();

  constructor(
    private readonly format: ExportFormatName,
    private readonly query: ExportManifest['query'],
  ) {}

  add(text: string, ids: readonly string[]): void {
    this.hash.update(text);
    this.count += ids.length;
    this.firstId ??= ids[0] ?? null;
    this.lastId = ids.at(-1) ?? this.lastId;
  }

  /** To be taken once, at the end. */
  manifest(): ExportManifest {
    const { format, count, query, firstId, lastId, exportedAt } = this;
    return { format, count, sha256: this.hash.digest('hex'), query, firstId, lastId, exportedAt };
  }
}
