import { Get, Header, Inject, NotFoundException, Param, Req } from '@nestjs/common';
import { Gates } from '../gate/gates.js';
import { type Visible, VisibleStream } from '../gate/visible.js';
import { changeId } from '../parameters/point-parameter.js';
import { type HttpRequest, QueryParameters } from '../parameters/query-parameters.js';
import { RecordedRead } from '../reads/trail-reads.js';
import { AuditRoutes } from './audit-routes.decorator.js';
import { NeedsPermission } from './needs-permission.decorator.js';

const PLAIN = 'text/plain; charset=utf-8';

/** Hands out what proves a sealed trail. */
@AuditRoutes()
export class ProofsController {
  constructor(@Inject(Gates) private readonly gates: Gates) {}

  /** Everybody is to know it, so who asks is not recorded. */
  @Get('checkpoint')
  @NeedsPermission('any')
  @Header('content-type', PLAIN)
  async checkpoint(@Req() request: HttpRequest): Promise<Visible<string>> {
    new QueryParameters(request, []);
    const note = await this.gates.toProve(request).newestCheckpoint();
    if (!note) {
      throw new NotFoundException('There is no checkpoint yet.');
    }
    return note;
  }

  @Get('changes/:id/proof')
  @NeedsPermission('history')
  @RecordedRead({ action: 'audit.proof', whenServed: true })
  async proof(@Param('id') id: string, @Req() request: HttpRequest): Promise<VisibleStream> {
    new QueryParameters(request, []);
    const proof = await this.gates.toProve(request).proof(changeId('id', id));
    return file(proof, PLAIN, `change-${id}.tlog-proof`);
  }

  @Get('changes/:id/record')
  @NeedsPermission('export')
  @RecordedRead({ action: 'audit.proof-record', whenServed: true })
  async record(@Param('id') id: string, @Req() request: HttpRequest): Promise<VisibleStream> {
    new QueryParameters(request, []);
    const record = await this.gates.toProve(request).record(changeId('id', id));
    return file(record, 'application/json; charset=utf-8', `change-${id}.record.json`);
  }
}

function file(content: Visible<string> | null, contentType: string, name: string): VisibleStream {
  if (!content) {
    throw new NotFoundException('There is no such change.');
  }
  return new VisibleStream(only(content), {
    'content-type': contentType,
    'content-disposition': `attachment; filename="${name}"`,
    'x-content-type-options': 'nosniff',
  });
}

async function* only(part: Visible<string>): AsyncGenerator<Visible<string>, void> {
  yield part;
}
