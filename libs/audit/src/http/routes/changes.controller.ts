import { Get, Inject, Req } from '@nestjs/common';
import type { Page } from '../../model/page.js';
import { EntityTypes } from '../../query/terms/entity-types.js';
import { Gates } from '../gate/gates.js';
import type { Visible } from '../gate/visible.js';
import { ChangeFilterParameters, FILTER_PARAMETERS } from '../parameters/change-filter-parameters.js';
import {
  CHANGES_PAGE_PARAMETERS,
  changesPageOf,
  PAGE_PARAMETERS,
  pageOf,
} from '../parameters/page-parameters.js';
import { type HttpRequest, QueryParameters } from '../parameters/query-parameters.js';
import { RecordedRead } from '../reads/trail-reads.js';
import type { ChangeOfRevisionView } from '../view/change-view.js';
import type { RevisionSummaryView } from '../view/revision-view.js';
import { AuditRoutes } from './audit-routes.decorator.js';
import { NeedsPermission } from './needs-permission.decorator.js';

/** Searches of the whole trail. */
@AuditRoutes()
export class ChangesController {
  constructor(
    @Inject(Gates) private readonly gates: Gates,
    @Inject(EntityTypes) private readonly types: EntityTypes,
  ) {}

  @Get('changes')
  @NeedsPermission('list')
  @RecordedRead({ action: 'audit.search', whenServed: true })
  changes(@Req() request: HttpRequest): Promise<Visible<Page<ChangeOfRevisionView>>> {
    const gate = this.gates.of(request);
    const parameters = new QueryParameters(request, [...FILTER_PARAMETERS, ...CHANGES_PAGE_PARAMETERS]);
    const filter = new ChangeFilterParameters(parameters, this.types, gate.reader).read();
    return gate.changes(filter, changesPageOf(parameters));
  }

  @Get('revisions')
  @NeedsPermission('list')
  @RecordedRead({ action: 'audit.search', whenServed: true })
  revisions(@Req() request: HttpRequest): Promise<Visible<Page<RevisionSummaryView>>> {
    const gate = this.gates.of(request);
    const parameters = new QueryParameters(request, [...FILTER_PARAMETERS, ...PAGE_PARAMETERS]);
    const filter = new ChangeFilterParameters(parameters, this.types, gate.reader).read();
    return gate.revisions(filter, pageOf(parameters));
  }
}
