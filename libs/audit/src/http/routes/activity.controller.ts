import { Get, Inject, Req } from '@nestjs/common';
import { InvalidQueryError } from '../../errors/query-errors.js';
import { EntityTypes } from '../../query/terms/entity-types.js';
import { Gates } from '../gate/gates.js';
import type { Visible } from '../gate/visible.js';
import { ChangeFilterParameters, FILTER_PARAMETERS } from '../parameters/change-filter-parameters.js';
import { type HttpRequest, QueryParameters } from '../parameters/query-parameters.js';
import { RecordedRead } from '../reads/trail-reads.js';
import type { ActivityView } from '../view/activity-view.js';
import { AuditRoutes } from './audit-routes.decorator.js';
import { NeedsPermission } from './needs-permission.decorator.js';

@AuditRoutes('activity')
export class ActivityController {
  constructor(
    @Inject(Gates) private readonly gates: Gates,
    @Inject(EntityTypes) private readonly types: EntityTypes,
  ) {}

  @Get()
  @NeedsPermission('list')
  @RecordedRead({ action: 'audit.activity', whenServed: true })
  async activity(@Req() request: HttpRequest): Promise<Visible<ActivityView>> {
    const parameters = new QueryParameters(request, [...FILTER_PARAMETERS, 'timeZone']);
    const gate = this.gates.of(request);
    const { from, ...filter } = new ChangeFilterParameters(parameters, this.types, gate.reader).read();
    const timeZone = parameters.text('timeZone');
    if (!from) {
      throw new InvalidQueryError('from', 'is missing', 'Give the time from which on changes are counted.');
    }
    return gate.activity({ ...filter, from, ...(timeZone === undefined ? {} : { timeZone }) });
  }
}
