import { Get, Inject, Req } from '@nestjs/common';
import { Gates } from '../gate/gates.js';
import type { Visible } from '../gate/visible.js';
import { type HttpRequest, QueryParameters } from '../parameters/query-parameters.js';
import { RecordedRead } from '../reads/trail-reads.js';
import type { CoverageView } from '../view/coverage-view.js';
import { AuditRoutes } from './audit-routes.decorator.js';
import { NeedsPermission } from './needs-permission.decorator.js';

/** Tells who runs the app what of the database is audited. */
@AuditRoutes()
export class CoverageController {
  constructor(@Inject(Gates) private readonly gates: Gates) {}

  @Get('coverage')
  @NeedsPermission('coverage')
  @RecordedRead({ action: 'audit.coverage', whenServed: true })
  coverage(@Req() request: HttpRequest): Promise<Visible<CoverageView>> {
    new QueryParameters(request, []);
    return this.gates.of(request).coverage();
  }
}
