import { Get, Inject, Req, Res } from '@nestjs/common';
import { EntityTypes } from '../../query/terms/entity-types.js';
import { Gates } from '../gate/gates.js';
import { type Visible, VisibleStream } from '../gate/visible.js';
import { ReaderSlots } from '../limits/reader-slots.js';
import { onceClosed, type Sending } from '../limits/sending.js';
import { ChangeFilterParameters, FILTER_PARAMETERS } from '../parameters/change-filter-parameters.js';
import { orderOf } from '../parameters/page-parameters.js';
import { type HttpRequest, QueryParameters } from '../parameters/query-parameters.js';
import { RecordedRead, TrailReads } from '../reads/trail-reads.js';
import { AuditRoutes } from '../routes/audit-routes.decorator.js';
import { NeedsPermission } from '../routes/needs-permission.decorator.js';
import { ExportEnding } from './export-ending.js';
import { EXPORT_FORMATS, type ExportFormatName } from './export-format.js';
import type { ExportManifest } from './export-manifest.js';
import { TrailExport } from './trail-export.js';

const FORMATS: readonly ExportFormatName[] = ['ndjson', 'csv'];

/** Downloads of any size. */
@AuditRoutes('export')
export class ExportController {
  constructor(
    @Inject(Gates) private readonly gates: Gates,
    @Inject(EntityTypes) private readonly types: EntityTypes,
    @Inject(TrailReads) private readonly reads: TrailReads,
    @Inject(ReaderSlots) private readonly slots: ReaderSlots,
  ) {}

  @Get()
  @NeedsPermission('export')
  @RecordedRead({ action: 'audit.export', whenServed: true })
  async export(@Req() request: HttpRequest, @Res() response: Sending): Promise<VisibleStream> {
    const { file, format } = this.read(request);
    const end = await this.slots.take('exports');
    const ending = new ExportEnding(file, (outcome, facts) =>
      this.reads.record(this.export, 'audit.export-ended', outcome, request, facts),
    );
    const text = fileText(file, format, ending);
    onceClosed(response, () => void text.return().then(end, end));
    // The first batch is read here, where what cannot be answered is still a problem and no broken file.
    const first = await text.next();
    const name = `audit-${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}`;
    const { contentType, extension } = EXPORT_FORMATS[format];
    const headers = {
      'content-type': contentType,
      'content-disposition': `attachment; filename="${name}.${extension}"`,
      'x-content-type-options': 'nosniff',
    };
    return new VisibleStream(resumed(first, text), headers, () => ending.closed());
  }

  /** The contents of the file, for formats that have no room for them. */
  @Get('manifest')
  @NeedsPermission('export')
  @RecordedRead({ action: 'audit.export-manifest', whenServed: true })
  async manifest(@Req() request: HttpRequest): Promise<Visible<ExportManifest>> {
    const parts = this.read(request).file.parts();
    const end = await this.slots.take('exports');
    try {
      for (;;) {
        const { done, value } = await parts.next();
        if (done) {
          return value;
        }
      }
    } finally {
      end();
    }
  }

  private read(request: HttpRequest): { readonly file: TrailExport; readonly format: ExportFormatName } {
    const gate = this.gates.of(request);
    const parameters = new QueryParameters(request, [...FILTER_PARAMETERS, 'order', 'format']);
    const format = parameters.word('format', FORMATS) ?? 'ndjson';
    const filter = new ChangeFilterParameters(parameters, this.types, gate.reader, 'export').read();
    const rows = gate.export(filter, orderOf(parameters));
    return { file: new TrailExport(rows, format, parameters.toJson()), format };
  }
}

async function* fileText(
  file: TrailExport,
  format: ExportFormatName,
  ending: ExportEnding,
): AsyncGenerator<Visible<string>, void> {
  const manifest = yield* file.parts();
  await ending.finished();
  if (format === 'ndjson') {
    yield manifest.map((content) => `${JSON.stringify({ manifest: content })}\n`);
  }
}

async function* resumed(
  first: IteratorResult<Visible<string>, void>,
  rest: AsyncGenerator<Visible<string>, void>,
): AsyncGenerator<Visible<string>, void> {
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
