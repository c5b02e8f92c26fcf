import { Get, Inject, Req } from '@nestjs/common';
import { Gates } from '../gate/gates.js';
import type { Visible } from '../gate/visible.js';
import { type HttpRequest, QueryParameters } from '../parameters/query-parameters.js';
import type { AccessView } from '../view/access-view.js';
import { AuditRoutes } from './audit-routes.decorator.js';
import { NeedsPermission } from './needs-permission.decorator.js';

/** Tells a reader what it may do, so that a page shows only that. */
@AuditRoutes()
export class AccessController {
  constructor(@Inject(Gates) private readonly gates: Gates) {}

  @Get('access')
  @NeedsPermission('any')
  access(@Req() request: HttpRequest): Visible<AccessView> {
    new QueryParameters(request, []);
    return this.gates.of(request).access();
  }
}
