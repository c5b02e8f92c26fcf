import { Get, Inject, Req } from '@nestjs/common';
import { AuditCatalog } from '../../query/terms/audit-catalog.js';
import { RequiredAction } from '../access/audit-access.js';
import { RequestAccess } from '../access/request-access.js';
import { type HttpRequest, QueryParameters } from '../parameters/query-parameters.js';
import { type AccessView, accessView } from '../view/access-view.js';
import { AuditRoutes } from './audit-routes.decorator.js';

/** Tells a reader what it may do, so that a page shows only that. */
@AuditRoutes()
export class AccessController {
  constructor(
    @Inject(RequestAccess) private readonly granted: RequestAccess,
    @Inject(AuditCatalog) private readonly catalog: AuditCatalog,
  ) {}

  @Get('access')
  @RequiredAction('any')
  access(@Req() request: HttpRequest): AccessView {
    new QueryParameters(request, []);
    const policies = this.catalog.all().flatMap((instance) => instance.policies.all());
    return accessView(this.granted.of(request), policies);
  }
}
