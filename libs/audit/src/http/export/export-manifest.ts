import { createHash, type Hash } from 'node:crypto';
import type { StoredRow } from '../../query/search/trail-export.js';
import type { LeftOut } from '../gate/left-out.js';
import type { ExportFormatName } from './export-format.js';

/** The contents of an export, so that its reader knows that it is whole. */
export interface ExportManifest {
  readonly format: ExportFormatName;
  /** Number of changes. */
  readonly count: number;
  /** Number of revisions without changes: what was done, denied or has failed. */
  readonly actions: number;
  /** Whether it ends at a limit of `HttpLimits`, so that there may be more. */
  readonly truncated: boolean;
  /** Of all bytes before the manifest, hexadecimal. */
  readonly sha256: string;
  /** The parameters that chose the changes. */
  readonly query: Readonly<Record<string, readonly string[]>>;
  /** Parts of the answer that are not in the file, as far as one can tell without looking; empty where all are. */
  readonly leftOut: readonly LeftOut[];
  /** Id of the first change or action in the file; null when there is none. */
  readonly firstId: string | null;
  readonly lastId: string | null;
  /** When the export began. */
  readonly exportedAt: string;
}

/** Sums an export up as it is written. */
export class ExportSummary {
  count = 0;
  actions = 0;
  truncated = false;
  private firstId: string | null = null;
  private lastId: string | null = null;
  private readonly hash: Hash = createHash('sha256');
  private readonly exportedAt = new Date().toISOString();

  constructor(
    private readonly format: ExportFormatName,
    private readonly query: ExportManifest['query'],
    private readonly leftOut: readonly LeftOut[],
  ) {}

  add(text: string, rows: readonly StoredRow[]): void {
    this.hash.update(text);
    const changes = rows.filter(({ change }) => change !== null).length;
    this.count += changes;
    this.actions += rows.length - changes;
    const ids = rows.map(({ change, revision }) => (change ?? revision).id);
    this.firstId ??= ids[0] ?? null;
    this.lastId = ids.at(-1) ?? this.lastId;
  }

  /** To be taken once, at the end. */
  manifest(): ExportManifest {
    const { format, count, actions, truncated, query, leftOut, firstId, lastId, exportedAt } = this;
    const sha256 = this.hash.digest('hex');
    return { format, count, actions, truncated, sha256, query, leftOut, firstId, lastId, exportedAt };
  }
}
