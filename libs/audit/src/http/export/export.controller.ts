import { Readable } from 'node:stream';
import { Get, Header, Inject, Req, StreamableFile } from '@nestjs/common';
import { RequiredAction } from '../access/audit-access.js';
import { EntityTypes } from '../access/entity-types.js';
import { RequestAccess } from '../access/request-access.js';
import { ChangeFilterParameters, FILTER_PARAMETERS } from '../parameters/change-filter-parameters.js';
import { orderOf } from '../parameters/page-parameters.js';
import { type HttpRequest, QueryParameters } from '../parameters/query-parameters.js';
import { RecordedRead, TrailReads } from '../reads/trail-reads.js';
import { AuditRoutes } from '../routes/audit-routes.decorator.js';
import { ReaderTrails } from '../trail/reader-trails.js';
import { ExportEnding } from './export-ending.js';
import { EXPORT_FORMATS, type ExportFormatName } from './export-format.js';
import type { ExportManifest } from './export-manifest.js';
import { TrailExport } from './trail-export.js';

const FORMATS: readonly ExportFormatName[] = ['ndjson', 'csv'];

/** Downloads of any size. */
@AuditRoutes('export')
export class ExportController {
  constructor(
    @Inject(RequestAccess) private readonly granted: RequestAccess,
    @Inject(ReaderTrails) private readonly trails: ReaderTrails,
    @Inject(EntityTypes) private readonly types: EntityTypes,
    @Inject(TrailReads) private readonly reads: TrailReads,
  ) {}

  @Get()
  @RequiredAction('export')
  @RecordedRead({ action: 'audit.export', whenServed: true })
  @Header('x-content-type-options', 'nosniff')
  async export(@Req() request: HttpRequest): Promise<StreamableFile> {
    const { file, format } = this.read(request);
    const ending = new ExportEnding(file, (outcome, facts) =>
      this.reads.record(this.export, 'audit.export-ended', outcome, request, facts),
    );
    const text = fileText(file, format, ending);
    // The first batch is read here, where what cannot be answered is still a problem and no broken file.
    const first = await text.next();
    const stream = Readable.from(resumed(first, text), { objectMode: false });
    stream.once('close', () => ending.closed());
    const name = `audit-${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}`;
    return new StreamableFile(stream, {
      type: EXPORT_FORMATS[format].contentType,
      disposition: `attachment; filename="${name}.${EXPORT_FORMATS[format].extension}"`,
    });
  }

  /** What the file would consist of, for formats that have no room for it. */
  @Get('manifest')
  @RequiredAction('export')
  @RecordedRead({ action: 'audit.export-manifest', whenServed: true })
  async manifest(@Req() request: HttpRequest): Promise<ExportManifest> {
    const parts = this.read(request).file.parts();
    for (;;) {
      const { done, value } = await parts.next();
      if (done) {
        return value;
      }
    }
  }

  private read(request: HttpRequest): { readonly file: TrailExport; readonly format: ExportFormatName } {
    const reader = this.granted.of(request);
    const parameters = new QueryParameters(request, [...FILTER_PARAMETERS, 'order', 'format']);
    const format = parameters.word('format', FORMATS) ?? 'ndjson';
    const filter = new ChangeFilterParameters(parameters, this.types, reader, 'export').read();
    const exporter = this.trails.of(request).export(filter, orderOf(parameters));
    const file = new TrailExport(exporter, format, parameters.toJson(), reader, this.types);
    return { file, format };
  }
}

async function* fileText(
  file: TrailExport,
  format: ExportFormatName,
  ending: ExportEnding,
): AsyncGenerator<string, void> {
  const manifest = yield* file.parts();
  await ending.whole();
  if (format === 'ndjson') {
    yield `${JSON.stringify({ manifest })}\n`;
  }
}

async function* resumed(
  first: IteratorResult<string, void>,
  rest: AsyncGenerator<string, void>,
): AsyncGenerator<string, void> {
  try {
    if (!first.done) {
      yield first.value;
    }
    yield* rest;
  } finally {
    // Also when the client has gone: the generator then stops reading.
    await rest.return();
  }
}
