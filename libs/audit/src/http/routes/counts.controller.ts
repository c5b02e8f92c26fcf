import { Get, Inject, Req } from '@nestjs/common';
import { InvalidQueryError } from '../../errors/query-errors.js';
import type { CountedBy } from '../../model/change-counts.js';
import { EntityTypes } from '../../query/terms/entity-types.js';
import { Gates } from '../gate/gates.js';
import type { Visible } from '../gate/visible.js';
import { ChangeFilterParameters, FILTER_PARAMETERS } from '../parameters/change-filter-parameters.js';
import { type HttpRequest, QueryParameters } from '../parameters/query-parameters.js';
import { RecordedRead } from '../reads/trail-reads.js';
import type { CountsView } from '../view/counts-view.js';
import { AuditRoutes } from './audit-routes.decorator.js';
import { NeedsPermission } from './needs-permission.decorator.js';

const GROUPS: readonly CountedBy[] = ['actor', 'action', 'entityType', 'entity'];

@AuditRoutes('counts')
export class CountsController {
  constructor(
    @Inject(Gates) private readonly gates: Gates,
    @Inject(EntityTypes) private readonly types: EntityTypes,
  ) {}

  @Get()
  @NeedsPermission('list')
  @RecordedRead({ action: 'audit.counts', whenServed: true })
  async counts(@Req() request: HttpRequest): Promise<Visible<CountsView>> {
    const parameters = new QueryParameters(request, [...FILTER_PARAMETERS, 'by', 'limit']);
    const gate = this.gates.of(request);
    const filter = new ChangeFilterParameters(parameters, this.types, gate.reader).read();
    const [by, limit] = [parameters.word('by', GROUPS), parameters.limit()];
    if (!by) {
      throw new InvalidQueryError('by', 'is missing', `Give one of: ${GROUPS.join(', ')}.`);
    }
    return gate.counts({ ...filter, by, ...(limit === undefined ? {} : { limit }) });
  }
}
