import { createHash } from 'node:crypto';
import { TextDecoder } from 'node:util';
import { EvidenceFormatError } from '../../errors/evidence-errors.js';
import { EXPORT_FORMAT, type ExportHeader, type ExportManifest } from './export-lines.js';

/** A row may hold values of a megabyte; longer lines are none of ours. */
const MAX_LINE = 64 * 1024 * 1024;

/** The claims of an export about itself. Nothing vouches for it before it is verified. */
export interface ExportEnd {
  readonly manifest: ExportManifest | null;
  /** Of the lines that were read before the manifest. */
  readonly sha256: string;
}

/** Reads an export line by line. */
export class ExportReader {
  private readonly digest = createHash('sha256');
  private last: string | null = null;

  private constructor(
    readonly header: ExportHeader,
    private readonly lines: AsyncIterator<string>,
    first: string,
  ) {
    this.digest.update(`${first}\n`);
  }

  /** @throws EvidenceFormatError when it does not begin as an export does */
  static async open(chunks: AsyncIterable<Uint8Array | string>): Promise<ExportReader> {
    const lines = linesOf(chunks)[Symbol.asyncIterator]();
    const first = await lines.next();
    return new ExportReader(headerOf(first.done ? '' : first.value), lines, first.value ?? '');
  }

  /** The lines of rows. */
  async *rows(): AsyncIterable<string> {
    for (let line = await this.lines.next(); !line.done; line = await this.lines.next()) {
      if (this.last !== null) {
        this.digest.update(`${this.last}\n`);
        yield this.last;
      }
      this.last = line.value;
    }
    if (this.last !== null && manifestOf(this.last) === null) {
      this.digest.update(`${this.last}\n`);
      yield this.last;
      this.last = null;
    }
  }

  /** To be asked behind the last row. */
  end(): ExportEnd {
    return {
      manifest: this.last === null ? null : manifestOf(this.last),
      sha256: this.digest.digest('hex'),
    };
  }
}

function headerOf(line: string): ExportHeader {
  let value: Partial<ExportHeader> | null = null;
  try {
    value = JSON.parse(line);
  } catch {
    // It is none.
  }
  if (value?.format !== EXPORT_FORMAT) {
    throw new EvidenceFormatError('export', `its first line does not say ${EXPORT_FORMAT}`);
  }
  const { format, checkpoint, whole, query } = value;
  if (typeof checkpoint !== 'string' || typeof whole !== 'boolean') {
    throw new EvidenceFormatError('export', 'its first line has no checkpoint');
  }
  return { format, checkpoint, whole, query: query ?? null };
}

function manifestOf(line: string): ExportManifest | null {
  if (!line.startsWith('{"manifest":')) {
    return null;
  }
  try {
    const { rows, notCovered, sha256 } = JSON.parse(line).manifest;
    const isWhole = typeof rows === 'number' && typeof notCovered === 'number' && typeof sha256 === 'string';
    return isWhole ? { rows, notCovered, sha256 } : null;
  } catch {
    return null;
  }
}

async function* linesOf(chunks: AsyncIterable<Uint8Array | string>): AsyncIterable<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let rest = '';
  for await (const chunk of chunks) {
    rest += typeof chunk === 'string' ? chunk : decode(decoder, chunk);
    let start = 0;
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n', start)) {
      yield rest.slice(start, end);
      start = end + 1;
    }
    rest = rest.slice(start);
    if (rest.length > MAX_LINE) {
      throw new EvidenceFormatError('export', 'it has a line without end');
    }
  }
  rest += decode(decoder);
  if (rest !== '') {
    yield rest;
  }
}

function decode(decoder: TextDecoder, chunk?: Uint8Array): string {
  try {
    return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
  } catch (cause) {
    throw new EvidenceFormatError('export', 'it is not UTF-8', cause);
  }
}
