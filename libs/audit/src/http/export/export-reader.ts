import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { AuditExportError } from '../../errors/export-errors.js';
import type { Change } from '../../model/change.js';
import type { Revision } from '../../model/revision.js';
import type { StoredRow } from '../../query/search/trail-export.js';
import { AuditCatalog, type AuditedInstance } from '../../query/terms/audit-catalog.js';
import { decodeChange } from '../../query/terms/change-decoder.js';
import type { ExportManifest } from './export-manifest.js';

/** Reads an export back that was made as NDJSON. */
@Injectable()
export class AuditExportReader {
  constructor(@Inject(AuditCatalog) private readonly catalog: AuditCatalog) {}

  /**
   * The changes of a file as `AuditReader` gives them, decoded by the entities of this application, and the revisions without
   * changes, which have nothing but their revision. The last line is checked
   * at the end: whoever needs to know that nothing is missing has to read that far.
   * @param text of the file, in pieces of any size, such as a file stream or `response.body`
   * @returns the manifest
   * @throws AuditExportError when a line does not belong to an export, when the end is missing, or when something was changed
   */
  async *read(
    text: AsyncIterable<Uint8Array | string>,
    { mayBeTruncated = false }: ExportReadOptions = {},
  ): AsyncGenerator<ExportedChange | ExportedAction, ExportManifest> {
    const hash = createHash('sha256');
    let lines = 0;
    let manifest: ExportManifest | null = null;
    for await (const line of linesOf(text)) {
      if (manifest) {
        throw new AuditExportError('has lines after its manifest');
      }
      const parsed = parse(line);
      if ('manifest' in parsed) {
        manifest = parsed.manifest;
      } else {
        hash.update(`${line}\n`);
        lines += 1;
        yield this.decode(parsed);
      }
    }
    if (!manifest) {
      throw new AuditExportError('ends without its manifest, so it was cut off');
    }
    if (manifest.count + manifest.actions !== lines || manifest.sha256 !== hash.digest('hex')) {
      throw new AuditExportError('is not what its manifest says');
    }
    if (manifest.truncated && !mayBeTruncated) {
      throw new AuditExportError('ends at a limit of the application that made it, so it is not whole');
    }
    return manifest;
  }

  private decode({ revision, ...change }: ExportedLine): ExportedChange | ExportedAction {
    const { transactionId, recordedAt, ...rest } = revision;
    const stored: StoredRow['revision'] = { ...rest, transactionId, recordedAt: new Date(recordedAt) };
    if (!('entityType' in change)) {
      return { entityType: null, revision: stored };
    }
    return { ...decodeChange(this.instanceOf(change.entityType), change), revision: stored };
  }

  private instanceOf(entityType: string): AuditedInstance {
    const [first, ...others] = this.catalog.all();
    const found = [first, ...others].find((instance) => instance?.policies.ofType(entityType)) ?? first;
    if (!found) {
      throw new AuditExportError('cannot be decoded, because nothing is audited here');
    }
    return found;
  }
}

/** How a file is read. */
export interface ExportReadOptions {
  /**
   * Whether the file may be one of several that are whole together, because exports end at a limit; `truncated` of the manifest says
   * that there may be more.
   * @default false: it is refused at its end
   */
  readonly mayBeTruncated?: boolean;
}

/** A change of an export, with its whole revision. */
export type ExportedChange = Change<Record<string, unknown>, Revision>;

/** A revision without changes. */
export interface ExportedAction {
  /** Tells it from a change. */
  readonly entityType: null;
  readonly revision: Revision;
}

type ExportedLine = (NonNullable<StoredRow['change']> | object) & {
  readonly revision: Omit<StoredRow['revision'], 'recordedAt'> & { readonly recordedAt: string };
};

function parse(line: string): ExportedLine | { readonly manifest: ExportManifest } {
  try {
    const parsed: unknown = JSON.parse(line);
    if (typeof parsed === 'object' && parsed !== null && ('manifest' in parsed || 'revision' in parsed)) {
      return parsed as ExportedLine | { readonly manifest: ExportManifest };
    }
  } catch {
    // Falls through: neither is a line of an export.
  }
  throw new AuditExportError('has a line that is no change');
}

async function* linesOf(text: AsyncIterable<Uint8Array | string>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  for await (const piece of text) {
    const lines = (
      rest + (typeof piece === 'string' ? piece : decoder.decode(piece, { stream: true }))
    ).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') {
    throw new AuditExportError('ends within a line, so it was cut off');
  }
}
